// What it costs to find and to change a session among very many. Real: Postgres.
import { randomUUID } from 'node:crypto';
import { tenantId } from '@kilowatch/kernel';
import { Database, SYSTEM_SCOPE, type Tx } from '@kilowatch/platform';
import { ServiceRig } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { meteringService } from '../src/metering.module.js';
import { livePower, livePowerAt } from '../src/persistence/live-power.repository.js';
import {
  runningOn,
  saveSession,
  sessionsOfTransactions,
  takeDue,
  type ToldSession,
} from '../src/persistence/metered-session.repository.js';
import { forgetOthers } from '../src/persistence/partition.repository.js';
import { earlierCurves, markCurvesDue, takeCurvesDue } from '../src/persistence/session-curve.repository.js';

const DEMO = tenantId('demo');
const NOW = new Date();
const CLOSED = 30_000;
const RUNNING = 1_000;
/** For their closing, and as many for their curve. */
const WAITING = 10;

let rig: ServiceRig;
beforeAll(async () => {
  rig = await ServiceRig.start({ service: meteringService, shape: configShape });
  const columns = `tenant, session_id, station_id, evse_number, transaction_ref, account_id, started_at, max_power_w,
    sessions_version, location_id, evse_id, status, closed_at, curve_filled_at, due_at, curve_due_at`;
  const of = (count: number, state: string) => `insert into metered_session (${columns})
    select 'demo', gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid()::text, gen_random_uuid()::text,
      now() - n * interval '1 minute', 22000, 2, 'location-' || n % 1000, 'evse-' || n % 5000, ${state}
    from generate_series(1, ${count}) n`;
  await rig.sql(of(CLOSED, `'ENDED', now(), now(), null, null`));
  await rig.sql(of(RUNNING, `'ACTIVE', null, null, null, null`));
  // Due tomorrow: what is due now the jobs of the running service take, and their updates count among those looked at below.
  await rig.sql(of(WAITING, `'ENDED', null, null, now() + interval '1 day', null`));
  await rig.sql(of(WAITING, `'ENDED', now(), null, null, now() + interval '1 day'`));
  await rig.sqlPastTheWalls('analyze metered_session');
}, 60_000);
afterAll(async () => {
  await rig.close();
});

/** The transaction of all tenants, whose statements are explained in the place of being run. */
async function plansOf(look: (tx: Tx) => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  await rig.running.get(Database).transaction(SYSTEM_SCOPE, async (tx) => {
    const explained = async (text: string, params?: readonly unknown[]) => {
      const rows = await tx.query<{ 'QUERY PLAN': string }>(`explain ${text}`, params);
      lines.push(...rows.map((row) => row['QUERY PLAN']));
      return [];
    };
    await look(
      new Proxy(tx, { get: (held, name) => (name === 'query' ? explained : Reflect.get(held, name)) }),
    );
  });
  return lines.join('\n');
}

const place = { tenant: DEMO, stationId: randomUUID(), evseNumber: 1, transactionRef: 'r' };
const driver = { sessionId: randomUUID(), accountId: randomUUID(), startedAt: NOW };
/** How `drop_reading_partition` finds what is open. */
const IS_OPEN = `(s.status = 'ACTIVE' or s.due_at is not null or s.curve_due_at is not null)`;
const OPEN = `select from metered_session s where ${IS_OPEN}`;

const LOOKS: Readonly<Record<string, (tx: Tx) => Promise<unknown>>> = {
  'the power of a tenant': (tx) => livePower(tx, DEMO, NOW),
  'the power of locations': (tx) => livePowerAt(tx, DEMO, 'LOCATION', ['location-7'], NOW),
  'the power of stations': (tx) => livePowerAt(tx, DEMO, 'STATION', [randomUUID()], NOW),
  'the power of EVSEs': (tx) => livePowerAt(tx, DEMO, 'EVSE', ['evse-7'], NOW),
  'what runs on an EVSE': (tx) => runningOn(tx, [place]),
  'the session of a transaction': (tx) => sessionsOfTransactions(tx, [place]),
  'sessions to be closed': (tx) => takeDue(tx, NOW, 100),
  'curves to be drawn': (tx) => takeCurvesDue(tx, NOW, 100),
  'sessions of late readings': (tx) => markCurvesDue(tx, [{ tenant: DEMO, sessionId: randomUUID() }], NOW),
  'the earlier sessions of a driver': (tx) => earlierCurves(tx, DEMO, driver),
  'sessions of readings that lie in no month': (tx) => forgetOthers(tx, 'reading', NOW),
  'sessions of minutes that lie in no month': (tx) => forgetOthers(tx, 'reading_minute', NOW),
  'what is open': (tx) => tx.query(OPEN),
};

describe('among many sessions', () => {
  it.each(Object.entries(LOOKS))('%s: found by an index', async (_, look) => {
    const plan = await plansOf(look);
    expect(plan).toMatch(/metered_session/);
    expect(plan).not.toMatch(/Seq Scan on metered_session/);
  });

  it('what is open is all that is not closed, or whose curve is not drawn', async () => {
    const count = async (where: string) =>
      (await rig.sql<{ n: number }>(`select count(*)::int as n from metered_session s where ${where}`))[0]!.n;
    expect(await count(IS_OPEN)).toBe(RUNNING + 2 * WAITING);
    expect(await count('closed_at is null or curve_due_at is not null')).toBe(RUNNING + 2 * WAITING);
  });

  it('months are dropped by this look at what is open', async () => {
    const [found] = await rig.sql<{ body: string }>(
      `select prosrc as body from pg_proc where proname = 'drop_reading_partition' and pronamespace = current_schema()::regnamespace`,
    );
    expect(found?.body.replaceAll("''", "'")).toContain(IS_OPEN);
  });
});

describe('a session that is told again', () => {
  const told = (over: Partial<ToldSession>): ToldSession => ({
    tenant: DEMO,
    sessionId: randomUUID(),
    stationId: randomUUID(),
    evseNumber: 1,
    transactionRef: randomUUID(),
    ownRef: undefined,
    accountId: randomUUID(),
    status: 'ACTIVE',
    startedAt: NOW,
    endedAt: undefined,
    maxPowerW: 22_000,
    clockOffsetSeconds: 0,
    locationId: randomUUID(),
    evseId: randomUUID(),
    sessionsVersion: 1,
    dueAt: undefined,
    ...over,
  });
  /** Updates of the transaction, and how many of them touched no index. */
  const updates = async (tx: Tx) =>
    (
      await tx.query<{ all: number; hot: number }>(
        `select pg_stat_get_xact_tuples_updated(c)::int as all, pg_stat_get_xact_tuples_hot_updated(c)::int as hot
          from (select 'metered_session'::regclass::oid as c)`,
      )
    )[0]!;

  it('touches no index while it runs', async () => {
    const session = told({});
    const write = <T>(work: (tx: Tx) => Promise<T>) =>
      rig.running.get(Database).transaction(SYSTEM_SCOPE, work);
    await write((tx) => saveSession(tx, DEMO, session));
    const counted = await write(async (tx) => {
      await saveSession(tx, DEMO, { ...session, maxPowerW: 11_000, sessionsVersion: 2 });
      return updates(tx);
    });
    expect(counted).toEqual({ all: 1, hot: 1 });
  });
});
