import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { common } from '@kilowatch/contracts';
import { invalid, tenantId, unavailable } from '@kilowatch/kernel';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { startNats, waitFor } from '@kilowatch/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  Inbox,
  LiveFeed,
  OutboxRelay,
  SYSTEM_SCOPE,
  counter,
  ensureStream,
  streamName,
  systemIds,
  tenantScope,
  type AnyEventHandler,
} from '../src/index.js';
import { eventsOf } from '../src/nats/event-message.js';
import { SourceConsumer } from '../src/inbox/source-consumer.js';
import { OutboxStore } from '../src/outbox/outbox-store.js';
import {
  count,
  noteEvent,
  notes,
  openService,
  serviceName,
  silent,
  writeNote,
  type Note,
} from './service-harness.js';
import { servicePair, storeNote, type HandleNote } from './service-pair.js';

// Real: Postgres, a NATS server of its own (stopped, killed and emptied in some tests), two services: producer and consumer.
const pair = servicePair();
afterEach(() => void vi.useRealTimers());

const write = (text: string, tenant?: string) =>
  writeNote(pair.producer, noteEvent(pair.producer.name), text, tenant);
const quiet = () =>
  waitFor(
    'the outbox to be empty',
    async () => (await count(pair.producer, 'outbox WHERE published_at IS NULL')) === 0,
    { timeoutMs: 30_000 },
  );
/** Exactly these notes are there, each written once. */
const arrived = async (...texts: string[]) => {
  await waitFor(`${texts.length} notes`, async () => (await notes(pair.consumer)).length >= texts.length, {
    timeoutMs: 30_000,
  });
  expect((await notes(pair.consumer)).toSorted()).toEqual(texts.toSorted());
  expect(await count(pair.consumer, 'note WHERE version <> 1')).toBe(0);
};
const deadLetters = async (inbox: Inbox, n: number) => {
  await waitFor(`${n} dead letters`, async () => (await inbox.listDeadLetters({ limit: 10 })).length === n, {
    timeoutMs: 30_000,
  });
  return inbox.listDeadLetters({ limit: 10 });
};
const messagesInStream = async () => {
  const jsm = await jetstreamManager(await pair.nats.ready());
  const stream = streamName(pair.producer.name);
  const { messages, first_seq: first } = (await jsm.streams.info(stream)).state;
  return Promise.all(
    Array.from({ length: messages }, (_, index) => jsm.streams.getMessage(stream, { seq: first + index })),
  );
};
const eventsInStream = async () =>
  (await messagesInStream()).flatMap((message) =>
    message === null
      ? []
      : eventsOf({ subject: message.subject, payload: message.data, traceparent: undefined }),
  ).length;
const refills = async () => (await counter('kw_outbox_refills_total').get()).values[0]?.value ?? 0;
const failures = async () => (await counter('kw_outbox_failures_total').get()).values[0]?.value ?? 0;
const numbered = (n: number) => Array.from({ length: n }, (_, index) => String(index).padStart(4, '0'));

describe('relay', () => {
  it('publishes committed events in their order', async () => {
    for (const text of numbered(30)) await write(text);
    pair.startRelay();
    pair.startInbox();
    await arrived(...numbered(30));
    expect(await notes(pair.consumer)).toEqual(numbered(30));
  });

  it('reads each byte of an event as it was written', async () => {
    const payload = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const row = [systemIds().newId(), 'demo', `evt.${pair.producer.name}.note_written.v1.demo`, payload];
    await pair.producer.database.transaction(tenantScope(tenantId('demo')), (tx) =>
      tx.query('INSERT INTO outbox (event_id, tenant, subject, payload) VALUES ($1, $2, $3, $4)', row),
    );
    const outbox = await OutboxStore.open(pair.producer.url, pair.producer.name);
    // Twice: the second answer comes from the statement as the server remembers it.
    for (let look = 0; look < 2; look += 1)
      expect((await outbox.unpublished(10)).map((event) => [...event.payload])).toEqual([[...payload]]);
    await outbox.close();
  });

  it('publishes again what was acknowledged but not stamped when it died, with one effect', async () => {
    let died = 0;
    const dying = pair.startRelay({
      pass: (point) => {
        if (point !== 'before-stamp') return;
        died++;
        throw new Error('killed here');
      },
    });
    pair.startInbox();
    await write('a');
    await arrived('a');
    expect(await count(pair.producer, 'outbox WHERE published_at IS NULL')).toBe(1);
    await waitFor('a second try', () => died > 1);
    await dying.stop();
    pair.startRelay();
    await quiet();
    await write('b');
    await arrived('a', 'b');
  });

  it('is active once: the other takes over when the first stops', async () => {
    const active: string[] = [];
    const naming = (name: string) => ({ pass: () => void active.push(name) });
    const first = pair.startRelay(naming('first'));
    await write('a');
    await quiet();
    const second = pair.startRelay(naming('second'));
    for (const text of numbered(10)) {
      second.poke();
      await write(text);
    }
    await quiet();
    expect(new Set(active)).toEqual(new Set(['first']));
    await first.stop();
    await write('b');
    await quiet();
    expect(active.at(-1)).toBe('second');
  });

  it('hears from the others what they committed: it need not wait for its next look', async () => {
    pair.startRelay({ pollMs: 60_000 });
    await write('a');
    await quiet();
    const other = await openService(pair.adminUrl, pair.producer.name);
    const waiting = new OutboxRelay({
      service: pair.producer.name,
      databaseUrl: pair.producer.url,
      nats: pair.nats,
      log: silent,
      lockRetryMs: 60_000,
    });
    other.database.onEventsCommitted(() => waiting.poke());
    waiting.start();
    pair.stops.push(
      () => waiting.stop(),
      () => other.database.close(),
    );
    await writeNote(other, noteEvent(pair.producer.name), 'of the other');
    await quiet();
  });

  it('lets the outbox grow while NATS is down and drains it afterwards', async () => {
    pair.startRelay();
    pair.startInbox();
    await write('before');
    await arrived('before');
    await pair.server.stop();
    await waitFor('the loss to be noticed', () => !pair.nats.connected);
    for (const text of ['during-1', 'during-2']) await write(text);
    expect(await count(pair.producer, 'outbox WHERE published_at IS NULL')).toBe(2);
    pair.server = await startNats({ storeDir: pair.storeDir, port: pair.server.port });
    await quiet();
    await arrived('before', 'during-1', 'during-2');
  });

  it('refills a stream whose data directory was deleted: all events are there again, no effect is repeated', async () => {
    pair.startRelay();
    pair.startInbox();
    for (const text of numbered(20)) await write(text);
    await arrived(...numbered(20));
    await pair.server.kill();
    await waitFor('the loss to be noticed', () => !pair.nats.connected);
    rmSync(pair.storeDir, { recursive: true, force: true });
    await write('while away');
    pair.server = await startNats({ storeDir: pair.storeDir, port: pair.server.port });
    await quiet();
    await waitFor('the refilled stream', async () => (await eventsInStream()) === 21);
    await write('after');
    await arrived(...numbered(20), 'while away', 'after');
  });

  it('refills a stream that was deleted while everything was connected', async () => {
    pair.startRelay();
    await write('a');
    await quiet();
    const jsm = await jetstreamManager(await pair.nats.ready());
    await jsm.streams.delete(streamName(pair.producer.name));
    await write('b');
    await waitFor('both events', async () => (await eventsInStream()) === 2, { timeoutMs: 30_000 });
  });

  it('goes on when the clock of its machine is set back by a year in the middle of a pause', async () => {
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: now + 365 * 24 * 60 * 60_000 });
    pair.startRelay();
    await write('a');
    await quiet();
    const failed = await failures();
    await (await jetstreamManager(await pair.nats.ready())).streams.delete(streamName(pair.producer.name));
    await write('b');
    await waitFor('the pause', async () => (await failures()) > failed, { everyMs: 5 });
    vi.setSystemTime(now);
    await waitFor('both events', async () => (await eventsInStream()) === 2, { timeoutMs: 30_000 });
  });

  it('refills a stream that lost its end, as after a crash before fsync', async () => {
    const relay = pair.startRelay();
    for (const text of numbered(5)) await write(text);
    await quiet();
    await relay.stop();
    await pair.producer.database.transaction(SYSTEM_SCOPE, (tx) =>
      tx.query('UPDATE stream_state SET last_seq = 99'),
    );
    const refilled = await refills();
    pair.startRelay();
    await waitFor('the refill', async () => (await refills()) === refilled + 1);
    await quiet();
    pair.startInbox();
    await arrived(...numbered(5));
  });
});

describe('inbox', () => {
  it('takes effect once when an event is published twice', async () => {
    pair.startRelay();
    pair.startInbox();
    const eventId = await write('once');
    await arrived('once');
    const [row] = await pair.producer.database.read(SYSTEM_SCOPE, (tx) =>
      tx.query<{ subject: string; payload: Uint8Array }>('SELECT subject, payload FROM outbox'),
    );
    const js = jetstream(await pair.nats.ready());
    // Without a message id JetStream does not drop it: the inbox must.
    for (let i = 0; i < 3; i++) await js.publish(row!.subject, row!.payload);
    await write('next');
    await arrived('once', 'next');
    expect(await count(pair.consumer, `inbox WHERE event_id = '${eventId}'`)).toBe(1);
  });

  it("runs each event in its tenant's scope", async () => {
    const scopes: [of: string, inside: string][] = [];
    pair.startRelay();
    for (const [index, tenant] of ['alpha', 'beta', 'alpha'].entries())
      await write(`${tenant}-${index}`, tenant);
    pair.startInbox(async (tx, payload, meta) => {
      scopes.push([payload.text.split('-')[0]!, tx.scope.kind === 'tenant' ? tx.scope.tenant : '*']);
      await storeNote(tx, payload, meta);
    });
    await waitFor('all', async () => (await count(pair.consumer, 'note')) === 3);
    for (const [tenant, scope] of scopes) expect(scope).toBe(tenant);
  });

  it('takes a bundle apart: what fails is tried again or set aside, the rest takes effect once', async () => {
    let refused = 0;
    for (const text of ['a', 'again', 'bad', 'b']) await write(text);
    pair.startRelay();
    await quiet();
    expect((await messagesInStream()).map((message) => message?.subject)).toEqual([
      `evt.${pair.producer.name}.bundle.v1.demo`,
    ]);
    const inbox = pair.startInbox(async (tx, payload, meta) => {
      if (payload.text === 'bad') throw invalid('NOTE_BAD', 'This note is bad.');
      if (payload.text === 'again' && refused++ < 2) throw unavailable('PEER_AWAY', 'Not now.');
      await storeNote(tx, payload, meta);
    });
    await arrived('a', 'again', 'b');
    const [letter] = await deadLetters(inbox, 1);
    expect(letter).toMatchObject({
      errorCode: 'NOTE_BAD',
      subject: `evt.${pair.producer.name}.note_written.v1.demo`,
    });
  });

  it('sets each event of a bundle aside that cannot be read, and no other', async () => {
    pair.startRelay();
    const inbox = pair.startInbox();
    await write('before');
    await arrived('before');
    const torn = { kind: 'note_written.v1', payload: Buffer.from('not json'), traceparent: '' };
    const payload = common.EventBundle.encode({ events: [torn, torn, torn] }).finish();
    await jetstream(await pair.nats.ready()).publish(`evt.${pair.producer.name}.bundle.v1.demo`, payload);
    const letters = await deadLetters(inbox, 3);
    expect(new Set(letters.map(({ subject }) => subject))).toEqual(
      new Set([`evt.${pair.producer.name}.note_written.v1.demo`]),
    );
  });

  it('sets a bundle that cannot be read aside as it is', async () => {
    pair.startRelay();
    const inbox = pair.startInbox();
    await write('before');
    await arrived('before');
    const subject = `evt.${pair.producer.name}.bundle.v1.demo`;
    await jetstream(await pair.nats.ready()).publish(subject, 'no bundle');
    await write('after');
    await arrived('before', 'after');
    expect((await deadLetters(inbox, 1))[0]).toMatchObject({ subject, errorCode: 'EVENT_UNDECODABLE' });
  });

  it('sets a poison event aside and lets the others flow', async () => {
    pair.startRelay();
    await write('first');
    await quiet();
    const js = jetstream(await pair.nats.ready());
    await js.publish(`evt.${pair.producer.name}.note_written.v1.demo`, 'not json');
    await write('bad');
    await write('last');
    const inbox = pair.startInbox(async (tx, payload, meta) => {
      if (payload.text === 'bad') throw invalid('NOTE_BAD', 'This note is bad.');
      await storeNote(tx, payload, meta);
    });
    await arrived('first', 'last');
    const letters = await deadLetters(inbox, 2);
    expect(letters.map((letter) => letter.errorCode).toSorted()).toEqual(['EVENT_UNDECODABLE', 'NOTE_BAD']);
  });

  it('tries a retryable failure again, and gives up at the last delivery', async () => {
    let tries = 0;
    pair.startRelay();
    const inbox = pair.startInbox(
      async (tx, payload, meta) => {
        if (payload.text === 'never' || tries++ === 0) throw unavailable('PEER_AWAY', 'Not now.');
        await storeNote(tx, payload, meta);
      },
      { maxDeliver: 2 },
    );
    await write('second time');
    await arrived('second time');
    await write('never');
    const letters = await deadLetters(inbox, 1);
    expect(letters[0]).toMatchObject({ errorKind: 'UNAVAILABLE', deliveries: 2, tenant: 'demo' });
  });

  it('leaves nothing half done when one event of a batch fails', async () => {
    pair.startRelay();
    for (const text of ['x', 'twice', 'y']) await write(text);
    await quiet();
    pair.startInbox(async (tx, payload, meta) => {
      await storeNote(tx, payload, meta);
      if (payload.text === 'twice') throw invalid('NOTE_BAD', 'After its own write.');
    });
    await arrived('x', 'y');
  });

  it('hands a handler that takes several what follows each other, one tenant at a time, each once', async () => {
    pair.startRelay();
    for (const text of ['a', 'b']) await write(text);
    await write('c', 'other');
    for (const text of ['d', 'e']) await write(text);
    await quiet();
    const runs: string[][] = [];
    const event = noteEvent(pair.producer.name);
    const handler: AnyEventHandler = {
      event,
      handle: storeNote,
      handleTogether: async (tx, events) => {
        runs.push(events.map(({ payload }) => (payload as Note).text));
        for (const { payload, meta } of events) await storeNote(tx, payload as Note, meta);
      },
    };
    const inbox = new Inbox({
      database: pair.consumer.database,
      nats: pair.nats,
      handlers: [handler],
      ids: systemIds(),
      log: silent,
    });
    inbox.start();
    pair.stops.push(() => inbox.stop());
    await arrived('a', 'b', 'c', 'd', 'e');
    expect(runs.flat().sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (const run of runs) expect(run.includes('c') && run.length > 1).toBe(false);
    expect(Math.max(...runs.map((run) => run.length))).toBeGreaterThan(1);
  });

  it('does not hold up what another source brings when one event of a round fails', async () => {
    const other = await openService(pair.adminUrl, serviceName('other'));
    const relays = [pair.producer, other].map((service) => {
      const relay = new OutboxRelay({
        service: service.name,
        databaseUrl: service.url,
        nats: pair.nats,
        log: silent,
        pollMs: 25,
      });
      service.database.onEventsCommitted(() => relay.poke());
      return relay;
    });
    pair.stops.push(...relays.map((relay) => () => relay.stop()), () => other.database.close());
    for (const text of ['a', 'bad', 'b']) await write(text);
    for (const text of ['c', 'd']) await writeNote(other, noteEvent(other.name), text);
    for (const relay of relays) relay.start();
    await quiet();
    await waitFor(
      'the other outbox',
      async () => (await count(other, 'outbox WHERE published_at IS NULL')) === 0,
    );
    const handle: HandleNote = async (tx, payload, meta) => {
      if (payload.text === 'bad') throw invalid('NOTE_BAD', 'This note is bad.');
      await storeNote(tx, payload, meta);
    };
    const inbox = new Inbox({
      database: pair.consumer.database,
      nats: pair.nats,
      handlers: [pair.producer, other].map(({ name }) => ({ event: noteEvent(name), handle })),
      ids: systemIds(),
      log: silent,
    });
    inbox.start();
    pair.stops.push(() => inbox.stop());
    await arrived('a', 'b', 'c', 'd');
    expect((await deadLetters(inbox, 1))[0]).toMatchObject({
      errorCode: 'NOTE_BAD',
      source: pair.producer.name,
    });
  });

  it('bounds what it holds, also where its durable is of an older release', async () => {
    pair.startRelay();
    await write('a');
    await quiet();
    const jsm = await jetstreamManager(await pair.nats.ready());
    const stream = streamName(pair.producer.name);
    await jsm.consumers.add(stream, {
      durable_name: pair.consumer.name,
      ack_policy: AckPolicy.Explicit,
      max_ack_pending: 1_000,
    });
    pair.startInbox();
    await arrived('a');
    expect((await jsm.consumers.info(stream, pair.consumer.name)).config.max_ack_pending).toBe(100);
  });

  it('takes the next batch at once while there is a whole one, and waits for company with the rest', async () => {
    const connection = await pair.nats.ready();
    await ensureStream(await jetstreamManager(connection), pair.producer.name);
    const subject = noteEvent(pair.producer.name).subject('demo');
    await Promise.all(Array.from({ length: 250 }, () => jetstream(connection).publish(subject, 'x')));
    const batches: number[] = [];
    const taking = new SourceConsumer({
      source: pair.producer.name,
      service: pair.consumer.name,
      nats: pair.nats,
      log: silent,
      waitMs: () => 600_000,
      process: async (messages) => {
        batches.push(messages.length);
        for (const message of messages) message.ack();
      },
    });
    taking.start();
    await waitFor('two batches', () => batches.length >= 2);
    await taking.stop();
    expect(batches).toEqual([100, 100]);
  });

  it('makes its durable again when somebody deleted it', async () => {
    pair.startRelay();
    pair.startInbox();
    await write('a');
    await arrived('a');
    const jsm = await jetstreamManager(await pair.nats.ready());
    await jsm.consumers.delete(streamName(pair.producer.name), pair.consumer.name);
    await write('b');
    await arrived('a', 'b');
  });
});

describe('live', () => {
  it('tells watchers after the commit, of each thing its last state', async () => {
    const connection = await pair.nats.ready();
    const subscription = connection.subscribe('live.session.demo.*', { max: 3 });
    const live = new LiveFeed(pair.nats, silent);
    pair.producer.database.onLive((message) => live.publish(message));
    await connection.flush();
    await pair.producer.database.transaction(SYSTEM_SCOPE, async (tx) => {
      for (const version of [6, 8, 7]) tx.live('session', 's1', version, 'demo');
      tx.live('session', 's2', undefined, 'demo');
    });
    await pair.producer.database.transaction(SYSTEM_SCOPE, async (tx) => tx.live('session', 's2', 1, 'demo'));
    await delay(300);
    await pair.producer.database.transaction(SYSTEM_SCOPE, async (tx) => tx.live('session', 's1', 9, 'demo'));
    const told: unknown[] = [];
    for await (const message of subscription) told.push(message.json());
    expect(told).toEqual([
      { id: 's1', version: 8 },
      { id: 's2', version: 1 },
      { id: 's1', version: 9 },
    ]);
  });
});
