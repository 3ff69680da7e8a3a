// What it costs to look at a station's sessions when its company has very many, also while the planner knows of none that run. Real: Postgres.
import { tenantId } from '@kilowatch/kernel';
import { Database, tenantScope, type Tx } from '@kilowatch/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKeysOf } from '../src/domain/transaction-message.js';
import { SituationRepository } from '../src/persistence/situation.repository.js';
import { SessionsRig } from './sessions-rig.js';
import { aMessage, aToken, minutes, NOON } from './transaction-builders.js';

const DEMO = tenantId('demo');
const STATIONS = 40;
const ENDED_EACH = 500;
const RUNNING_EACH = 20;
/** Rows that one step of a plan may read: a few of the station's own sessions, never those of all. */
const FEW = 40;

let sessions: SessionsRig;
let stationId = '';
beforeAll(async () => {
  sessions = await SessionsRig.start();
  const connectors = [1, 2].map((evseNumber) => ({ evseNumber, number: 1, maxCurrentA: 32 }));
  const entries = Array.from({ length: STATIONS }, (_, i) => ({ identity: `MANY-${i}`, location: 'Depot', securityProfile: 0, connectors })); // prettier-ignore
  const { stations } = await sessions.import(entries);
  stationId = stations[0]!.id;
  const insert = (each: number, ended: boolean, of: string) =>
    sessions.rig.sql(
      `insert into session (tenant, id, station_id, location_id, evse_number, connector_number, protocol, transaction_ref, start_key,
          charging_state, started_at, ended_at, stop_reason, end_inferred, offline, token_hash, token_id, account_id, marks, seq_nos,
          seq_gaps, clock_offset_seconds, version, last_updated)
        select tenant, gen_random_uuid(), id, location_id, 1 + n % 2, 1, 'ocpp2.0.1', gen_random_uuid()::text, gen_random_uuid()::text,
          'Charging', $1::timestamptz - n * interval '1 hour', ${ended ? `$1::timestamptz - n * interval '1 hour' + interval '30 minutes'` : 'null'},
          '', false, false, 'hash-' || n, '', '', '[]', '[]', 0, 0, 1, now()
        from station cross join generate_series(1, $2::int) n where ${of}`,
      [NOON, each],
    );
  await insert(ENDED_EACH, true, 'true');
  // An hour in which nobody charges: that is what the planner believes from here on.
  await sessions.rig.sqlPastTheWalls('analyze session');
  await insert(RUNNING_EACH, false, `id <> '${stationId}'`);
}, 60_000);
afterAll(async () => {
  await sessions.close();
});

/** The most rows that a step of the statements' plans gave or left out, all its rounds together, of the sessions alone. */
async function rowsRead(look: (tx: Tx) => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  await sessions.rig.running.get(Database).transaction(tenantScope(DEMO), async (tx) => {
    const explained = async (text: string, params?: readonly unknown[]) => {
      const rows = await tx.query<{ 'QUERY PLAN': string }>(`explain (analyze, costs off) ${text}`, params);
      const lines = rows.map((row) => row['QUERY PLAN']);
      let loops = 0;
      for (const line of lines) {
        const step = /^\s*(?:->)?.*\(actual time=\S+ rows=([\d.]+) loops=(\d+)\)/.exec(line);
        if (step) {
          loops = / on session /.test(line) ? Number(step[2]) : 0;
          counts.push(Number(step[1]) * loops);
        }
        const left = /Rows Removed by \S+: (\d+)/.exec(line);
        if (left) counts.push(Number(left[1]) * loops);
      }
      return [];
    };
    await look(
      new Proxy(tx, { get: (held, name) => (name === 'query' ? explained : Reflect.get(held, name)) }),
    ).catch((error: unknown) => {
      // Nothing was found, because nothing was asked.
      expect(error).toMatchObject({ code: 'SESSIONS_STATION_UNKNOWN' });
    });
  });
  expect(counts.length).toBeGreaterThan(0);
  return Math.max(...counts);
}

const repository = new SituationRepository();
const place = (message = aMessage()) => ({ stationId, ...startKeysOf(message), refCandidates: ['4711'] });
const tx16 = { protocol: 'ocpp1.6', transactionRef: '' } as const;
const MESSAGES = {
  'a start (2.0.1)': aMessage(),
  'an update (2.0.1)': aMessage({ kind: 'UPDATED' }),
  'an end (2.0.1)': aMessage({ kind: 'ENDED' }),
  'a start (1.6)': aMessage({ ...tx16, assignedRef: '5' }),
  'a start without a time (1.6)': aMessage({ ...tx16, deviceTime: undefined }),
  'a stop without a number (1.6)': aMessage({ ...tx16, kind: 'ENDED' }),
};
const LOOKS: Readonly<Record<string, (tx: Tx) => Promise<unknown>>> = {
  'a status': (tx) => repository.forStatus(tx, DEMO, stationId, 1, NOON),
  'a status from the past': (tx) => repository.forStatus(tx, DEMO, stationId, 1, minutes(-6_000)),
  'a token': (tx) => repository.forToken(tx, DEMO, aMessage({ token: aToken('new') }), 'new', place()),
  ...Object.fromEntries(
    Object.entries(MESSAGES).map(([name, message]) => [
      name,
      (tx: Tx) => repository.forTransaction(tx, DEMO, message, place(message)),
    ]),
  ),
};

describe('among many sessions', () => {
  it.each(Object.entries(LOOKS))('%s reads a few of its station', async (_, look) => {
    expect(await rowsRead(look)).toBeLessThan(FEW);
  });

  it('a look at all of them is noticed', async () => {
    const all = (tx: Tx) => tx.query(`select from session where token_hash <> $1 and ended_at is null`, ['']);
    expect(await rowsRead(all)).toBeGreaterThan(FEW);
  });
});
