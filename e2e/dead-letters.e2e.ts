// Real: every service as a process, and npm run dead-letters as one beside them.
import { randomUUID } from 'node:crypto';
import { events, insights } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';
import { ToolRun } from './support/tool-run.js';

const SUBJECT = events.anomalyDetected.subject('demo');

let sut: SystemUnderTest;
let database: pg.Client;
beforeAll(async () => {
  sut = await SystemUnderTest.start();
  database = new pg.Client({ connectionString: sut.system.addresses.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await sut?.stop();
});

const deadLetters = (...args: string[]) =>
  ToolRun.of('dead-letters', [...args, '--data-dir', sut.system.options.dataDir]);
const idOf = (list: ToolRun) => /^[0-9a-f]{8}-[0-9a-f-]{27}/m.exec(list.out)?.[0] ?? '';

/** As if notifications had been broken when this event came: set aside, its effect missing. */
async function setAside(): Promise<{ id: string; sessionId: string }> {
  const [id, sessionId] = [randomUUID(), randomUUID()];
  const payload = insights.AnomalyDetected.create({
    meta: {
      eventId: randomUUID(),
      tenant: 'demo',
      aggregateId: id,
      aggregateVersion: 1,
      occurredAt: new Date(),
      producer: 'insights',
    },
    anomalyId: randomUUID(),
    kind: 'ZERO_ENERGY',
    sessionId,
    onset: new Date(),
  });
  await database.query(
    `insert into notifications.dead_letter (id, tenant, source, subject, event_id, payload, error_kind, error_code,
       error_text, deliveries) values ($1, 'demo', 'insights', $2, $3, $4, 'INTERNAL', 'INTERNAL', 'it was broken', 8)`,
    [id, SUBJECT, payload.meta?.eventId, events.anomalyDetected.encode(payload)],
  );
  return { id, sessionId };
}

async function alertsOf(sessionId: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    'select count(*)::int as n from notifications.alert where session_id = $1',
    [sessionId],
  );
  return rows[0]?.n ?? 0;
}

describe('a dead letter of a running system', () => {
  it('is listed, shown, replayed by its service with one effect, and is gone', async () => {
    const { id, sessionId } = await setAside();
    const list = await deadLetters('list', '--service', 'notifications');
    expect([list.code, list.err]).toEqual([0, '']);
    expect(list.out).toMatch(
      new RegExp(
        `${id} +notifications +EVT_INSIGHTS/notifications +${SUBJECT} +\\d+ s +INTERNAL INTERNAL +open`,
      ),
    );
    expect((await deadLetters('show', id)).out).toMatch(
      new RegExp(`it was broken\\n.*payload .*"sessionId": "${sessionId}"`, 's'),
    );
    expect(await alertsOf(sessionId)).toBe(0);
    const replayed = await deadLetters('replay', id);
    expect([replayed.code, replayed.out]).toEqual([0, `${id}  replayed\n`]);
    expect(await alertsOf(sessionId)).toBe(1);
    const again = await deadLetters('replay', id);
    expect([again.code, again.out]).toEqual([0, `${id}  is replayed already\n`]);
    expect(await alertsOf(sessionId)).toBe(1);
    expect((await deadLetters('list')).out).toBe('no dead letters\n');
  });

  it('that the service itself set aside and cannot read stays, with the reason, until it is discarded', async () => {
    const nats = await connect({ servers: sut.system.addresses.natsUrl });
    await jetstream(nats).publish(SUBJECT, 'no event');
    await nats.close();
    const list = await waitFor(
      'the dead letter',
      async () => {
        const run = await deadLetters('list');
        return run.out.includes('EVENT_UNDECODABLE') ? run : undefined;
      },
      { timeoutMs: 20_000 },
    );
    const id = idOf(list);
    const replayed = await deadLetters('replay', '--service', 'notifications');
    expect([replayed.code, replayed.out]).toEqual([
      1,
      expect.stringMatching(new RegExp(`^${id}  failed again: EVENT_UNDECODABLE`)),
    ]);
    expect(idOf(await deadLetters('list'))).toBe(id);
    expect((await deadLetters('discard', id)).out).toBe(`${id}  discarded\n`);
    expect((await deadLetters('list')).out).toBe('no dead letters\n');
    expect((await deadLetters('list', '--all')).out).toMatch(new RegExp(`${id} .* discarded`));
  });

  it('is named wrongly: the tool says what is wrong', async () => {
    const cases: [string[], RegExp][] = [
      [['show'], /which\? npm run dead-letters -- show ID/],
      [['replay', 'abc'], /there is no dead letter abc/],
      [['discard', randomUUID()], /there is no dead letter [0-9a-f-]{36}/],
      [['list', '--service', 'bills'], /there is no service bills here: auth, billing, /],
    ];
    for (const [args, message] of cases) {
      const run = await deadLetters(...args);
      expect([args, run.code]).toEqual([args, 1]);
      expect(run.err).toMatch(message);
    }
    const nowhere = await ToolRun.of('dead-letters', ['list', '--data-dir', '/nowhere']);
    expect(nowhere.err).toMatch(/no system runs on \/nowhere: start it/);
  });
});
