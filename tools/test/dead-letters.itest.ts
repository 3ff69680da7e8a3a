import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { events, feedback } from '@kilowatch/contracts';
import { invalid } from '@kilowatch/kernel';
import {
  createLogger,
  Database,
  DueWorker,
  ensureStream,
  Inbox,
  NatsLink,
  provisionDatabase,
  roleName,
  runMigrations,
  SYSTEM_SCOPE,
  systemClock,
  systemIds,
  type DeadLetter,
} from '@kilowatch/platform';
import {
  createTestDatabase,
  startNats,
  waitFor,
  type NatsServer,
  type TestDatabase,
} from '@kilowatch/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetterBox, type Letter } from '../src/dead-letters/dead-letter-box.js';
import { letterText, listText } from '../src/dead-letters/letter-text.js';
import { replay } from '../src/dead-letters/replay.js';

// Real: Postgres, a NATS server of its own, one service with a consumer whose handler is broken at first, and its replay job.
// A second service has the tables and no letters.
const SERVICE = 'load-management';
const log = createLogger({ service: 'test', level: 'silent' });
const storeDir = mkdtempSync(join(tmpdir(), 'kw-letters-'));
let server: NatsServer;
let nats: NatsLink;
let test: TestDatabase;
let database: Database;
let inbox: Inbox;
let job: DueWorker<DeadLetter>;
let box: DeadLetterBox;
let broken: boolean;
let printed: string[];

beforeAll(async () => {
  server = await startNats({ storeDir });
  nats = new NatsLink({ url: server.url, service: 'test', log });
});

beforeEach(async () => {
  test = await createTestDatabase();
  await provisionDatabase(test.url, [
    { service: SERVICE, password: 'pass' },
    { service: 'insights', password: 'pass' },
  ]);
  await runMigrations(test.url, SERVICE, []);
  await runMigrations(test.url, 'insights', []);
  database = await Database.connect({ service: SERVICE, url: roleUrl(), ids: systemIds(), log, poolSize: 4 });
  broken = true;
  printed = [];
  inbox = new Inbox({
    database,
    nats,
    ids: systemIds(),
    log,
    handlers: [
      {
        event: events.sessionRated,
        // The effect that must happen once: the idempotency table is at hand, and it refuses a second row.
        handle: async (tx, { score }: feedback.SessionRated, meta) => {
          if (broken) throw invalid('SCORE_BAD', 'This score is bad.');
          await tx.query(
            `insert into idempotency (tenant, operation, subject, key, args_hash) values ($1, 'rated', '', $2, '')`,
            [meta.tenant, String(score)],
          );
        },
      },
    ],
  });
  inbox.start();
  job = new DueWorker(inbox.deadLetterReplay, database, systemClock, log);
  box = await DeadLetterBox.open(test.url);
});

afterEach(async () => {
  await box.close();
  await Promise.all([inbox.stop(), job.stop()]);
  await database.close();
  await test.drop();
});

afterAll(async () => {
  await nats?.close();
  await server?.stop();
  rmSync(storeDir, { recursive: true, force: true });
});

function roleUrl(): string {
  const url = new URL(test.url);
  url.username = roleName(SERVICE);
  url.password = 'pass';
  return url.href;
}

/** Events the service sets aside: one for each score, of tenant alpha. */
async function setAside(...scores: number[]): Promise<Letter[]> {
  await ensureStream(await jetstreamManager(await nats.ready()), 'feedback');
  for (const score of scores) {
    const payload = feedback.SessionRated.create({
      meta: {
        eventId: systemIds().newId(),
        tenant: 'alpha',
        aggregateId: 'a',
        aggregateVersion: 1,
        occurredAt: new Date('2026-01-01T10:00:00Z'),
        producer: 'feedback',
      },
      score,
    });
    await jetstream(await nats.ready()).publish(
      events.sessionRated.subject('alpha'),
      events.sessionRated.encode(payload),
    );
  }
  return waitFor(
    'the dead letters',
    async () => {
      const letters = await box.list();
      return letters.length === scores.length ? letters : undefined;
    },
    { timeoutMs: 30_000 },
  );
}
const effects = () =>
  database.read(SYSTEM_SCOPE, (tx) =>
    tx.query<{ tenant: string; key: string }>('select tenant, key from idempotency order by key'),
  );
const run = (letters: readonly Letter[], withinMs?: number) =>
  replay(box, letters, (line) => printed.push(line), withinMs);

describe('the list of dead letters', () => {
  it('is empty where all is well', async () => {
    expect(box.services).toEqual(['insights', SERVICE]);
    expect(listText(await box.list())).toBe('no dead letters');
  });

  it('says of each whose it is, what it was, why and for how long', async () => {
    const [letter] = await setAside(3);
    expect(letter).toMatchObject({ service: SERVICE, tenant: 'alpha', state: 'open', deliveries: 1 });
    expect(letter!.ageSeconds).toBeLessThan(60);
    const [, , line] = listText([letter!]).split('\n');
    expect(line).toMatch(
      new RegExp(
        `^${letter!.id}  ${SERVICE}  EVT_FEEDBACK/${SERVICE}  evt\\.feedback\\.session_rated\\.v1\\.alpha  \\d+ s +INVALID SCORE_BAD  open$`,
      ),
    );
    expect(await box.list({ service: 'insights' })).toEqual([]);
    await expect(box.list({ service: 'billing' })).rejects.toThrow(
      `there is no service billing here: insights, ${SERVICE}`,
    );
  });

  it('is the same for the role of the service, which sees no other service', async () => {
    const [letter] = await setAside(3);
    const own = await DeadLetterBox.open(roleUrl());
    expect(own.services).toEqual([SERVICE]);
    expect(await own.find(letter!.id)).toMatchObject({ id: letter!.id });
    expect(await own.requestReplay(letter!)).toBe(true);
    await own.close();
    expect(await box.find(letter!.id)).toMatchObject({ state: 'requested' });
  });
});

describe('one dead letter', () => {
  it('is shown with its error and the event in it', async () => {
    const [letter] = await setAside(4);
    const text = letterText(letter!, await box.payload(letter!));
    expect(text).toMatch(/error +INVALID SCORE_BAD\n +SCORE_BAD: This score is bad\./);
    expect(text).toMatch(/"score": 4/);
    expect(text).toMatch(/tenant +alpha/);
  });
});

describe('a replay', () => {
  it('has the effect in the service, once, and says so', async () => {
    const letters = await setAside(1, 2, 3);
    broken = false;
    job.start();
    expect(await run(letters)).toBe(0);
    expect(printed.toSorted()).toEqual(letters.map(({ id }) => `${id}  replayed`).toSorted());
    expect(await effects()).toEqual(['1', '2', '3'].map((key) => ({ tenant: 'alpha', key })));
    expect(await box.list()).toEqual([]);
    expect((await box.list({ all: true })).map(({ state }) => state)).toEqual(Array(3).fill('replayed'));
    const again = await box.list({ all: true });
    expect(await run(again)).toBe(0);
    expect(printed.slice(3)).toEqual(again.map(({ id }) => `${id}  is replayed already`));
    expect(await effects()).toHaveLength(3);
  });

  it('that fails again says why, and the letter stays', async () => {
    const letters = await setAside(5);
    job.start();
    expect(await run(letters)).toBe(1);
    expect(printed).toEqual([`${letters[0]!.id}  failed again: SCORE_BAD: This score is bad.`]);
    expect(await box.list()).toMatchObject([{ state: 'open', deliveries: 2 }]);
    expect(await effects()).toEqual([]);
  });

  it('that nobody takes up says so, and happens when the service is there', async () => {
    const letters = await setAside(6);
    broken = false;
    expect(await run(letters, 300)).toBe(1);
    expect(printed[0]).toMatch(/load-management has not taken it up after 0\.3 s/);
    expect(await job.runDue()).toBe(1);
    expect(await effects()).toHaveLength(1);
  });
});

describe('a discarded dead letter', () => {
  it('is listed no more, kept, and never replayed', async () => {
    const [letter] = await setAside(7);
    expect(await box.discard(letter!)).toBe(true);
    expect(await box.discard(letter!)).toBe(false);
    expect(await box.list()).toEqual([]);
    const kept = await box.list({ all: true });
    expect(kept).toMatchObject([{ id: letter!.id, state: 'discarded' }]);
    broken = false;
    expect(await run(kept)).toBe(0);
    expect(printed).toEqual([`${letter!.id}  is discarded already`]);
    expect(await job.runDue()).toBe(0);
    expect(await effects()).toEqual([]);
  });
});
