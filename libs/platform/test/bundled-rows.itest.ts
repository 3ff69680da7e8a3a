import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tenantId } from '@kilowatch/kernel';
import { startNats, waitFor, type NatsServer } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jetstreamManager } from '@nats-io/jetstream';
import { counter, Inbox, NatsLink, OutboxRelay, SYSTEM_SCOPE, streamName, systemIds, tenantScope, type Tx } from '../src/index.js'; // prettier-ignore
import { OutboxStore } from '../src/outbox/outbox-store.js';
import {
  count,
  newTestDatabase,
  noteEvent,
  notes,
  openService,
  serviceName,
  silent,
  type TestService,
} from './service-harness.js';

// Real: Postgres, NATS. Events of one transaction in one row of the outbox, while the relay that publishes reads such rows.
const storeDir = mkdtempSync(join(tmpdir(), 'kw-bundled-'));
let server: NatsServer;
let nats: NatsLink;
let drop: () => Promise<void>;
let producer: TestService;
let consumer: TestService;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startNats({ storeDir });
  nats = new NatsLink({ url: server.url, service: 'test', log: silent });
});

beforeEach(async () => {
  const created = await newTestDatabase();
  drop = created.drop;
  producer = await openService(created.url, serviceName('from'));
  consumer = await openService(created.url, serviceName('to'));
});

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await Promise.all([producer.database.close(), consumer.database.close()]);
  await drop();
});

afterAll(async () => {
  await nats?.close();
  await server?.stop();
  rmSync(storeDir, { recursive: true, force: true });
});

function startRelay(onBundles?: (read: boolean) => void): OutboxRelay {
  const { name: service, url: databaseUrl } = producer;
  const relay = new OutboxRelay({ service, databaseUrl, nats, log: silent, pollMs: 25, lockRetryMs: 25, onBundles }); // prettier-ignore
  relay.start();
  stops.push(() => relay.stop());
  return relay;
}

function startInbox(): void {
  const event = noteEvent(producer.name);
  const inbox = new Inbox({
    database: consumer.database,
    nats,
    ids: systemIds(),
    log: silent,
    handlers: [
      {
        event,
        // Not idempotent on purpose.
        handle: async (tx, payload, meta) =>
          void (await tx.query(
            `INSERT INTO note (tenant, id, version) VALUES ($1, $2, 1)
             ON CONFLICT ON CONSTRAINT note_pk DO UPDATE SET version = note.version + 1`,
            [meta.tenant, payload.text],
          )),
      },
    ],
  });
  inbox.start();
  stops.push(() => inbox.stop());
}

/** All in one transaction. */
const write = (...texts: string[]) =>
  producer.database.transaction(tenantScope(tenantId('demo')), async (tx) => {
    for (const text of texts) tell(tx, text);
  });

const tell = (tx: Tx, text: string) =>
  tx.publish(noteEvent(producer.name), {
    aggregateId: text,
    aggregateVersion: 1,
    occurredAt: new Date(),
    payload: { text },
  });

const refills = async () => (await counter('kw_outbox_refills_total').get()).values[0]?.value ?? 0;
const arrived = async (...texts: string[]) => {
  await waitFor('all notes', async () => (await notes(consumer)).length >= texts.length);
  expect((await notes(consumer)).toSorted()).toEqual(texts.toSorted());
  expect(await count(consumer, 'note WHERE version <> 1')).toBe(0);
};

describe('rows of several events', () => {
  it('are written once the relay of this process publishes, and each event takes effect once', async () => {
    await write('alone-1', 'alone-2');
    expect(await count(producer, 'outbox')).toBe(2);
    startRelay((read) => producer.database.bundleEvents(read));
    startInbox();
    await arrived('alone-1', 'alone-2');
    await write('a', 'b', 'c');
    await write('d', 'e');
    expect(await count(producer, 'outbox')).toBe(4);
    await arrived('alone-1', 'alone-2', 'a', 'b', 'c', 'd', 'e');
    // Published again, as after the loss of a stream: the same events, which the inbox knows.
    await producer.database.transaction(SYSTEM_SCOPE, (tx) =>
      tx.query('UPDATE outbox SET published_at = NULL'),
    );
    await waitFor(
      'all of it to be published again',
      async () => (await count(producer, 'outbox WHERE published_at IS NULL')) === 0,
    );
    await write('last');
    await arrived('alone-1', 'alone-2', 'a', 'b', 'c', 'd', 'e', 'last');
  });

  it('are written by a process that stands by, as long as the one that publishes reads them', async () => {
    const heard: boolean[] = [];
    const first = startRelay();
    await waitFor('the lock', async () => {
      const other = await OutboxStore.open(producer.url, producer.name);
      const isTaken = !(await other.tryLock());
      await other.close();
      return isTaken;
    });
    startRelay((read) => {
      heard.push(read);
      producer.database.bundleEvents(read);
    });
    await waitFor('word of the first', () => heard.at(-1) === true);
    await write('a', 'b');
    expect(await count(producer, 'outbox')).toBe(1);
    await first.stop();
    await write('c', 'd');
    await waitFor(
      'the second to publish',
      async () => (await count(producer, 'outbox WHERE published_at IS NULL')) === 0,
    );
    expect([heard.at(-1), await count(producer, 'outbox')]).toEqual([true, 2]);
  });

  it('hold nothing of what was undone', async () => {
    startRelay((read) => producer.database.bundleEvents(read));
    startInbox();
    const isBundled = async () => {
      await write('p', 'q');
      return (await count(producer, "outbox WHERE subject LIKE '%.bundle.v1.%'")) > 0;
    };
    await waitFor('bundles', isBundled);
    await producer.database.transaction(SYSTEM_SCOPE, (tx) => tx.query('DELETE FROM outbox'));
    await producer.database.transaction(tenantScope(tenantId('demo')), async (tx) => {
      tell(tx, 'kept-1');
      await tx.savepoint(async () => {
        tell(tx, 'undone');
        throw new Error('undone');
      }).catch(() => undefined); // prettier-ignore
      tell(tx, 'kept-2');
    });
    expect(await count(producer, 'outbox')).toBe(1);
    await waitFor('what was kept', async () => (await notes(consumer)).includes('kept-2'));
    expect((await notes(consumer)).filter((text) => !['p', 'q'].includes(text))).toEqual([
      'kept-1',
      'kept-2',
    ]);
  });

  it('are published again when the stream is lost, and take effect once', async () => {
    const relay = startRelay((read) => producer.database.bundleEvents(read));
    startInbox();
    const texts: string[] = [];
    await waitFor('bundles', async () => {
      const more = [`l${texts.length}`, `m${texts.length}`];
      texts.push(...more);
      await write(...more);
      return (await count(producer, "outbox WHERE subject LIKE '%.bundle.v1.%'")) > 0;
    });
    await arrived(...texts);
    await relay.stop();
    const refilled = await refills();
    const jsm = await jetstreamManager(await nats.ready());
    await jsm.streams.delete(streamName(producer.name));
    startRelay((read) => producer.database.bundleEvents(read));
    await waitFor('the refill', async () => (await refills()) === refilled + 1);
    await waitFor('all', async () => (await count(producer, 'outbox WHERE published_at IS NULL')) === 0);
    // Behind all that was published again.
    await write('after-1', 'after-2');
    await arrived(...texts, 'after-1', 'after-2');
  });

  it('are not written while a process of a release before publishes, which knows the lock but not the sign', async () => {
    const before = await OutboxStore.open(producer.url, producer.name);
    await (before as unknown as { tryAdvisoryLock(name: string): Promise<boolean> }).tryAdvisoryLock(
      `kilowatch.relay.${(before as unknown as { schema: string }).schema}`,
    );
    const heard: boolean[] = [];
    startRelay((read) => heard.push(read));
    await waitFor('word of it', () => heard.length > 2);
    expect(new Set(heard)).toEqual(new Set([false]));
    await before.close();
    await waitFor('the lock', () => heard.at(-1) === true);
  });

  it('are carried by a relay of before as they are, each alone, and read by consumers of now', async () => {
    startRelay((read) => producer.database.bundleEvents(read));
    const texts: string[] = [];
    await waitFor('bundles', async () => {
      const more = [`x${texts.length}`, `y${texts.length}`];
      texts.push(...more);
      await write(...more);
      const rows = await producer.database.read(SYSTEM_SCOPE, (tx) =>
        tx.query<{ subject: string }>(`SELECT subject FROM outbox WHERE subject LIKE '%.bundle.v1.%'`),
      );
      return rows.length > 0;
    });
    const rows = await producer.database.read(SYSTEM_SCOPE, (tx) =>
      tx.query<{ subject: string; payload: Buffer }>(
        `SELECT subject, payload FROM outbox WHERE subject LIKE '%.bundle.v1.%' LIMIT 1`,
      ),
    );
    // What that one did: the row's subject and payload, unchanged.
    (await nats.ready()).publish(rows[0]!.subject, rows[0]!.payload);
    startInbox();
    await arrived(...texts);
  });
});
