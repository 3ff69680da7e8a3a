import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invalid } from '@kilowatch/kernel';
import { jetstream } from '@nats-io/jetstream';
import { startNats, waitFor, type NatsServer } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  DueWorker,
  Inbox,
  NatsLink,
  OutboxRelay,
  SYSTEM_SCOPE,
  systemClock,
  systemIds,
  type AnyEventHandler,
  type DeadLetter,
} from '../src/index.js';
import {
  count,
  newTestDatabase,
  noteEvent,
  notes,
  openService,
  serviceName,
  silent,
  writeNote,
  type Note,
  type TestService,
} from './service-harness.js';

// Real: Postgres, a NATS server of its own, two services: producer and consumer. The consumer's handler is broken at first.
const storeDir = mkdtempSync(join(tmpdir(), 'kw-letters-'));
let server: NatsServer;
let nats: NatsLink;
let drop: () => Promise<void>;
let producer: TestService;
let consumer: TestService;
let relay: OutboxRelay;
let inbox: Inbox;
let broken: boolean;

beforeAll(async () => {
  server = await startNats({ storeDir });
  nats = new NatsLink({ url: server.url, service: 'test', log: silent });
});

beforeEach(async () => {
  const created = await newTestDatabase();
  drop = created.drop;
  producer = await openService(created.url, serviceName('from'));
  consumer = await openService(created.url, serviceName('to'));
  broken = true;
  relay = new OutboxRelay({
    service: producer.name,
    databaseUrl: producer.url,
    nats,
    log: silent,
    pollMs: 25,
  });
  relay.start();
  inbox = inboxWith([handler()]);
  inbox.start();
});

afterEach(async () => {
  await Promise.all([relay.stop(), inbox.stop()]);
  await Promise.all([producer.database.close(), consumer.database.close()]);
  await drop();
});

afterAll(async () => {
  await nats?.close();
  await server?.stop();
  rmSync(storeDir, { recursive: true, force: true });
});

/** Not idempotent on purpose: `version` counts how often the effect happened. */
const handler = (): AnyEventHandler => ({
  event: noteEvent(producer.name),
  handle: async (tx, payload: Note, meta) => {
    await tx.query(
      `INSERT INTO note (tenant, id, version) VALUES ($1, $2, 1)
       ON CONFLICT ON CONSTRAINT note_pk DO UPDATE SET version = note.version + 1`,
      [meta.tenant, payload.text],
    );
    if (broken) throw invalid('NOTE_BAD', 'This note is bad.');
  },
});
const inboxWith = (handlers: AnyEventHandler[]) =>
  new Inbox({ database: consumer.database, nats, handlers, ids: systemIds(), log: silent });
const replayJob = (of: Inbox = inbox) =>
  new DueWorker(of.deadLetterReplay, consumer.database, systemClock, silent);

/** What `npm run dead-letters -- replay` does. */
const request = (...ids: string[]) =>
  consumer.database.transaction(SYSTEM_SCOPE, (tx) =>
    tx.query('UPDATE dead_letter SET replay_requested_at = now() WHERE id = ANY($1)', [ids]),
  );
async function setAside(...texts: string[]): Promise<DeadLetter[]> {
  for (const text of texts) await writeNote(producer, noteEvent(producer.name), text, `tenant-${text}`);
  return waitFor(
    `${texts.length} dead letters`,
    async () => {
      const letters = await inbox.listDeadLetters({ limit: 10 });
      // Alphabetical, like the texts: each tenant is of its own.
      return letters.length === texts.length
        ? letters.toSorted((x, y) => x.tenant.localeCompare(y.tenant))
        : undefined;
    },
    { timeoutMs: 30_000 },
  );
}
const writtenTwice = () => count(consumer, 'note WHERE version <> 1');
const requested = () => count(consumer, 'dead_letter WHERE replay_requested_at IS NOT NULL');

describe('a dead letter whose replay is asked for', () => {
  it('has its effect, in the tenant it came from, and is a letter no more', async () => {
    const letters = await setAside('a', 'b');
    broken = false;
    expect(await replayJob().runDue()).toBe(0);
    await request(...letters.map(({ id }) => id));
    expect(await replayJob().runDue()).toBe(2);
    expect((await notes(consumer)).toSorted()).toEqual(['a', 'b']);
    expect(await count(consumer, `note WHERE id = 'b' AND tenant = 'tenant-b'`)).toBe(1);
    expect(await inbox.listDeadLetters({ limit: 10 })).toEqual([]);
    expect((await inbox.listDeadLetters({ limit: 10, all: true })).every((letter) => letter.replayedAt)).toBe(
      true,
    );
  });

  it('has it once, however often and by how many processes it is asked for at once', async () => {
    const letters = await setAside('a', 'b', 'c');
    broken = false;
    const ids = letters.map(({ id }) => id);
    await request(...ids);
    await Promise.all([replayJob().runDue(), replayJob().runDue(), replayJob().runDue()]);
    await request(...ids);
    await replayJob().runDue();
    expect((await notes(consumer)).toSorted()).toEqual(['a', 'b', 'c']);
    expect(await writtenTwice()).toBe(0);
  });

  it('has no second effect when its event came again meanwhile and was handled', async () => {
    const [letter] = await setAside('a');
    broken = false;
    await jetstream(await nats.ready()).publish(letter!.subject, letter!.payload);
    await waitFor('the effect', async () => (await notes(consumer)).length === 1);
    await request(letter!.id);
    expect(await replayJob().runDue()).toBe(1);
    expect(await writtenTwice()).toBe(0);
    expect(await inbox.listDeadLetters({ limit: 10 })).toEqual([]);
  });

  it('stays with its new error when it fails again, without effect, and does not keep the others', async () => {
    const [bad, good] = await setAside('a', 'b');
    const choosy: AnyEventHandler = {
      ...handler(),
      handle: async (tx, payload: Note, meta) => {
        broken = payload.text === 'a';
        await handler()
          .handle(tx, payload as never, meta)
          .catch(() => {
            throw invalid('NOTE_STILL_BAD', 'It is no better.');
          });
      },
    };
    await request(bad!.id, good!.id);
    expect(await replayJob(inboxWith([choosy])).runDue()).toBe(1);
    expect(await notes(consumer)).toEqual(['b']);
    expect(await inbox.listDeadLetters({ limit: 10 })).toMatchObject([
      {
        id: bad!.id,
        errorCode: 'NOTE_STILL_BAD',
        errorText: 'NOTE_STILL_BAD: It is no better.',
        deliveries: bad!.deliveries + 1,
      },
    ]);
    expect(await requested()).toBe(0);
  });

  it('stays when it cannot be read, or nobody listens to it any more', async () => {
    const [letter] = await setAside('a');
    broken = false;
    await request(letter!.id);
    expect(await replayJob(inboxWith([])).runDue()).toBe(0);
    expect(await inbox.listDeadLetters({ limit: 10 })).toMatchObject([{ errorCode: 'EVENT_UNHANDLED' }]);
    await consumer.database.transaction(SYSTEM_SCOPE, (tx) =>
      tx.query(`UPDATE dead_letter SET payload = 'no json'`),
    );
    await request(letter!.id);
    expect(await replayJob().runDue()).toBe(0);
    expect(await inbox.listDeadLetters({ limit: 10 })).toMatchObject([{ errorCode: 'EVENT_UNDECODABLE' }]);
    expect(await notes(consumer)).toEqual([]);
  });

  it('is left alone once it was discarded', async () => {
    const [letter] = await setAside('a');
    broken = false;
    await consumer.database.transaction(SYSTEM_SCOPE, (tx) =>
      tx.query('UPDATE dead_letter SET discarded_at = now()'),
    );
    await request(letter!.id);
    expect(await replayJob().runDue()).toBe(0);
    expect(await notes(consumer)).toEqual([]);
    expect(await inbox.listDeadLetters({ limit: 10 })).toEqual([]);
    expect(await inbox.listDeadLetters({ limit: 10, all: true })).toMatchObject([
      { id: letter!.id, discardedAt: expect.any(Date) as Date },
    ]);
  });
});
