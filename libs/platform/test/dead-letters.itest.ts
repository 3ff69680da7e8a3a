import { invalid } from '@kilowatch/kernel';
import { jetstream } from '@nats-io/jetstream';
import { waitFor } from '@kilowatch/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  DueWorker,
  Inbox,
  SYSTEM_SCOPE,
  systemClock,
  systemIds,
  type AnyEventHandler,
  type DeadLetter,
} from '../src/index.js';
import { count, noteEvent, notes, silent, writeNote, type Note } from './service-harness.js';
import { servicePair, storeNote, type HandleNote } from './service-pair.js';

// Real: Postgres, a NATS server of its own, two services: producer and consumer. The consumer's handler is broken at first.
const pair = servicePair();
let inbox: Inbox;
let broken: boolean;

beforeEach(() => {
  broken = true;
  pair.startRelay();
  inbox = pair.startInbox(storeWhenWhole);
});

const storeWhenWhole: HandleNote = async (tx, payload, meta) => {
  await storeNote(tx, payload, meta);
  if (broken) throw invalid('NOTE_BAD', 'This note is bad.');
};
const inboxWith = (handlers: AnyEventHandler[]) =>
  new Inbox({ database: pair.consumer.database, nats: pair.nats, handlers, ids: systemIds(), log: silent });
const replayJob = (of: Inbox = inbox) =>
  new DueWorker(of.deadLetterReplay, pair.consumer.database, systemClock, silent);

/** What `npm run dead-letters -- replay` does. */
const request = (...ids: string[]) =>
  pair.consumer.database.transaction(SYSTEM_SCOPE, (tx) =>
    tx.query('UPDATE dead_letter SET replay_requested_at = now() WHERE id = ANY($1)', [ids]),
  );
async function setAside(...texts: string[]): Promise<DeadLetter[]> {
  for (const text of texts)
    await writeNote(pair.producer, noteEvent(pair.producer.name), text, `tenant-${text}`);
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
const writtenTwice = () => count(pair.consumer, 'note WHERE version <> 1');
const requested = () => count(pair.consumer, 'dead_letter WHERE replay_requested_at IS NOT NULL');

describe('a dead letter whose replay is asked for', () => {
  it('has its effect, in the tenant it came from, and is a letter no more', async () => {
    const letters = await setAside('a', 'b');
    broken = false;
    expect(await replayJob().runDue()).toBe(0);
    await request(...letters.map(({ id }) => id));
    expect(await replayJob().runDue()).toBe(2);
    expect((await notes(pair.consumer)).toSorted()).toEqual(['a', 'b']);
    expect(await count(pair.consumer, `note WHERE id = 'b' AND tenant = 'tenant-b'`)).toBe(1);
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
    expect((await notes(pair.consumer)).toSorted()).toEqual(['a', 'b', 'c']);
    expect(await writtenTwice()).toBe(0);
  });

  it('has no second effect when its event came again meanwhile and was handled', async () => {
    const [letter] = await setAside('a');
    broken = false;
    await jetstream(await pair.nats.ready()).publish(letter!.subject, letter!.payload);
    await waitFor('the effect', async () => (await notes(pair.consumer)).length === 1);
    await request(letter!.id);
    expect(await replayJob().runDue()).toBe(1);
    expect(await writtenTwice()).toBe(0);
    expect(await inbox.listDeadLetters({ limit: 10 })).toEqual([]);
  });

  it('stays with its new error when it fails again, without effect, and does not keep the others', async () => {
    const [bad, good] = await setAside('a', 'b');
    const choosy: AnyEventHandler = {
      event: noteEvent(pair.producer.name),
      handle: async (tx, payload: Note, meta) => {
        broken = payload.text === 'a';
        await storeWhenWhole(tx, payload, meta).catch(() => {
          throw invalid('NOTE_STILL_BAD', 'It is no better.');
        });
      },
    };
    await request(bad!.id, good!.id);
    expect(await replayJob(inboxWith([choosy])).runDue()).toBe(1);
    expect(await notes(pair.consumer)).toEqual(['b']);
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
    await pair.consumer.database.transaction(SYSTEM_SCOPE, (tx) =>
      tx.query(`UPDATE dead_letter SET payload = 'no json'`),
    );
    await request(letter!.id);
    expect(await replayJob().runDue()).toBe(0);
    expect(await inbox.listDeadLetters({ limit: 10 })).toMatchObject([{ errorCode: 'EVENT_UNDECODABLE' }]);
    expect(await notes(pair.consumer)).toEqual([]);
  });

  it('is left alone once it was discarded', async () => {
    const [letter] = await setAside('a');
    broken = false;
    await pair.consumer.database.transaction(SYSTEM_SCOPE, (tx) =>
      tx.query('UPDATE dead_letter SET discarded_at = now()'),
    );
    await request(letter!.id);
    expect(await replayJob().runDue()).toBe(0);
    expect(await notes(pair.consumer)).toEqual([]);
    expect(await inbox.listDeadLetters({ limit: 10 })).toEqual([]);
    expect(await inbox.listDeadLetters({ limit: 10, all: true })).toMatchObject([
      { id: letter!.id, discardedAt: expect.any(Date) as Date },
    ]);
  });
});
