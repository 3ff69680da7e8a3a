import { tenantId } from '@kilowatch/kernel';
import { waitFor } from '@kilowatch/testing';
import { describe, expect, it } from 'vitest';
import { jetstreamManager } from '@nats-io/jetstream';
import { counter, SYSTEM_SCOPE, streamName, tenantScope, type Tx } from '../src/index.js';
import { OutboxStore } from '../src/outbox/outbox-store.js';
import { count, noteEvent, notes } from './service-harness.js';
import { servicePair } from './service-pair.js';

// Real: Postgres, NATS. Events of one transaction in one row of the outbox, while the relay that publishes reads such rows.
const pair = servicePair();

/** All in one transaction. */
const write = (...texts: string[]) =>
  pair.producer.database.transaction(tenantScope(tenantId('demo')), async (tx) => {
    for (const text of texts) tell(tx, text);
  });

const tell = (tx: Tx, text: string) =>
  tx.publish(noteEvent(pair.producer.name), {
    aggregateId: text,
    aggregateVersion: 1,
    occurredAt: new Date(),
    payload: { text },
  });

const refills = async () => (await counter('kw_outbox_refills_total').get()).values[0]?.value ?? 0;
const arrived = async (...texts: string[]) => {
  await waitFor('all notes', async () => (await notes(pair.consumer)).length >= texts.length);
  expect((await notes(pair.consumer)).toSorted()).toEqual(texts.toSorted());
  expect(await count(pair.consumer, 'note WHERE version <> 1')).toBe(0);
};

describe('rows of several events', () => {
  it('are written once the relay of this process publishes, and each event takes effect once', async () => {
    await write('alone-1', 'alone-2');
    expect(await count(pair.producer, 'outbox')).toBe(2);
    pair.startRelay({ onBundles: (read) => pair.producer.database.bundleEvents(read) });
    pair.startInbox();
    await arrived('alone-1', 'alone-2');
    await write('a', 'b', 'c');
    await write('d', 'e');
    expect(await count(pair.producer, 'outbox')).toBe(4);
    await arrived('alone-1', 'alone-2', 'a', 'b', 'c', 'd', 'e');
    // Published again, as after the loss of a stream: the same events, which the inbox knows.
    await pair.producer.database.transaction(SYSTEM_SCOPE, (tx) =>
      tx.query('UPDATE outbox SET published_at = NULL'),
    );
    await waitFor(
      'all of it to be published again',
      async () => (await count(pair.producer, 'outbox WHERE published_at IS NULL')) === 0,
    );
    await write('last');
    await arrived('alone-1', 'alone-2', 'a', 'b', 'c', 'd', 'e', 'last');
  });

  it('are written by a process that stands by, as long as the one that publishes reads them', async () => {
    const heard: boolean[] = [];
    const first = pair.startRelay();
    const isPublishing = async () => {
      const other = await OutboxStore.open(pair.producer.url, pair.producer.name);
      const isTaken = !(await other.tryLock());
      await other.close();
      return isTaken;
    };
    await waitFor('the first to publish', isPublishing);
    pair.startRelay({
      onBundles: (read) => {
        heard.push(read);
        pair.producer.database.bundleEvents(read);
      },
    });
    await waitFor('word of the first', () => heard.at(-1) === true);
    await write('a', 'b');
    expect(await count(pair.producer, 'outbox')).toBe(1);
    await first.stop();
    // For a moment nobody publishes: then nobody says that such rows are read.
    await waitFor('the second to take over', async () => (await isPublishing()) && heard.at(-1) === true);
    await write('c', 'd');
    await waitFor(
      'all to be published',
      async () => (await count(pair.producer, 'outbox WHERE published_at IS NULL')) === 0,
    );
    expect([heard.at(-1), await count(pair.producer, 'outbox')]).toEqual([true, 2]);
  });

  it('hold nothing of what was undone', async () => {
    pair.startRelay({ onBundles: (read) => pair.producer.database.bundleEvents(read) });
    pair.startInbox();
    const isBundled = async () => {
      await write('p', 'q');
      return (await count(pair.producer, "outbox WHERE subject LIKE '%.bundle.v1.%'")) > 0;
    };
    await waitFor('bundles', isBundled);
    await pair.producer.database.transaction(SYSTEM_SCOPE, (tx) => tx.query('DELETE FROM outbox'));
    await pair.producer.database.transaction(tenantScope(tenantId('demo')), async (tx) => {
      tell(tx, 'kept-1');
      await tx.savepoint(async () => {
        tell(tx, 'undone');
        throw new Error('undone');
      }).catch(() => undefined); // prettier-ignore
      tell(tx, 'kept-2');
    });
    expect(await count(pair.producer, 'outbox')).toBe(1);
    await waitFor('what was kept', async () => (await notes(pair.consumer)).includes('kept-2'));
    expect((await notes(pair.consumer)).filter((text) => !['p', 'q'].includes(text))).toEqual([
      'kept-1',
      'kept-2',
    ]);
  });

  it('are published again when the stream is lost, and take effect once', async () => {
    const relay = pair.startRelay({ onBundles: (read) => pair.producer.database.bundleEvents(read) });
    pair.startInbox();
    const texts: string[] = [];
    await waitFor('bundles', async () => {
      const more = [`l${texts.length}`, `m${texts.length}`];
      texts.push(...more);
      await write(...more);
      return (await count(pair.producer, "outbox WHERE subject LIKE '%.bundle.v1.%'")) > 0;
    });
    await arrived(...texts);
    await relay.stop();
    const refilled = await refills();
    const jsm = await jetstreamManager(await pair.nats.ready());
    await jsm.streams.delete(streamName(pair.producer.name));
    pair.startRelay({ onBundles: (read) => pair.producer.database.bundleEvents(read) });
    await waitFor('the refill', async () => (await refills()) === refilled + 1);
    await waitFor('all', async () => (await count(pair.producer, 'outbox WHERE published_at IS NULL')) === 0);
    // Behind all that was published again.
    await write('after-1', 'after-2');
    await arrived(...texts, 'after-1', 'after-2');
  });

  it('are not written while a process of a release before publishes, which knows the lock but not the sign', async () => {
    const before = await OutboxStore.open(pair.producer.url, pair.producer.name);
    await (before as unknown as { tryAdvisoryLock(name: string): Promise<boolean> }).tryAdvisoryLock(
      `kilowatch.relay.${(before as unknown as { schema: string }).schema}`,
    );
    const heard: boolean[] = [];
    pair.startRelay({ onBundles: (read) => heard.push(read) });
    await waitFor('word of it', () => heard.length > 2);
    expect(new Set(heard)).toEqual(new Set([false]));
    await before.close();
    await waitFor('the lock', () => heard.at(-1) === true);
  });

  it('are carried by a relay of before as they are, each alone, and read by consumers of now', async () => {
    pair.startRelay({ onBundles: (read) => pair.producer.database.bundleEvents(read) });
    const texts: string[] = [];
    await waitFor('bundles', async () => {
      const more = [`x${texts.length}`, `y${texts.length}`];
      texts.push(...more);
      await write(...more);
      const rows = await pair.producer.database.read(SYSTEM_SCOPE, (tx) =>
        tx.query<{ subject: string }>(`SELECT subject FROM outbox WHERE subject LIKE '%.bundle.v1.%'`),
      );
      return rows.length > 0;
    });
    const rows = await pair.producer.database.read(SYSTEM_SCOPE, (tx) =>
      tx.query<{ subject: string; payload: Buffer }>(
        `SELECT subject, payload FROM outbox WHERE subject LIKE '%.bundle.v1.%' LIMIT 1`,
      ),
    );
    // What that one did: the row's subject and payload, unchanged.
    (await pair.nats.ready()).publish(rows[0]!.subject, rows[0]!.payload);
    pair.startInbox();
    await arrived(...texts);
  });
});
