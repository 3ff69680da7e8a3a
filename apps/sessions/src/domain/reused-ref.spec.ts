/** Charges that a 2.x station tells under one transaction id. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aMessage, aToken, minutes, StationBook } from '../../test/transaction-builders.js';
import { chargingStateOf, type Session } from './session.js';
import type { TransactionMessage } from './transaction-message.js';

const REUSED = { kind: 'orphan', reason: 'REUSED_TRANSACTION_ID' };

function played(messages: readonly TransactionMessage[], book = new StationBook()): StationBook {
  for (const message of messages) book.record(message);
  return book;
}

function inOrder(book: StationBook): Session[] {
  return [...book.sessions.values()].sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
}

/** What of the sessions does not depend on which of them was told first. */
function seen(book: StationBook) {
  return inOrder(book).map((session) => ({
    from: session.startedAt,
    end: session.end,
    payer: session.payer?.tokenHash,
    seqNos: session.seqNos,
    state: chargingStateOf(session),
  }));
}

/** A charge of ten minutes: start, update, end. */
function aCharge(minute: number, card: string, lengthMinutes = 10): TransactionMessage[] {
  return [
    aMessage({ seqNo: 0, at: minutes(minute), token: aToken(card) }),
    aMessage({ kind: 'UPDATED', seqNo: 1, at: minutes(minute + 1), chargingState: 'CHARGING' }),
    aMessage({
      kind: 'ENDED',
      seqNo: 2,
      at: minutes(minute + lengthMinutes),
      stoppedReason: 'EVDisconnected',
    }),
  ];
}

const told = (minute: number) => ({ at: minutes(minute), reason: 'EVDisconnected', inferred: false });
const concluded = (minute: number) => ({
  at: minutes(minute),
  reason: 'SupersededByNewTransaction',
  inferred: true,
});

describe('a start under the id of a charge that has ended', () => {
  it('is a session of its own, with its own payer and end', () => {
    const book = played([...aCharge(0, 'anna'), ...aCharge(90, 'bob')]);
    expect(seen(book)).toMatchObject([
      { from: minutes(0), end: told(10), payer: 'anna' },
      { from: minutes(90), end: told(100), payer: 'bob' },
    ]);
    expect(book.orphans).toEqual([]);
  });

  it('keeps the id that the station knows, beside a reference that no other session has', () => {
    const [first, second] = inOrder(played([...aCharge(0, 'anna'), ...aCharge(90, 'anna')]));
    expect([first!.transactionRef, second!.transactionRef]).toEqual(['tx-1', 'tx-1']);
    expect([first!.ownRef, second!.ownRef]).toEqual([undefined, 'tx-1|2026-11-20T13:30:00.000Z']);
    expect(first!.startKey).not.toBe(second!.startKey);
  });

  it('may come in the second in which the charge before ended', () => {
    const messages = [...aCharge(0, 'anna'), ...aCharge(10, 'bob')];
    const sessions = [
      { end: told(10), payer: 'anna' },
      { end: told(20), payer: 'bob' },
    ];
    expect(seen(played(messages))).toMatchObject(sessions);
    // The end told after the next start.
    const [start, update, end, ...next] = messages;
    expect(seen(played([start!, update!, next[0]!, end!, ...next.slice(1)]))).toMatchObject(sessions);
  });

  it('takes what came of it before its start', () => {
    const [start, ...rest] = aCharge(90, 'bob');
    const book = played([...aCharge(0, 'anna'), ...rest]);
    expect(book.orphans).toHaveLength(2);
    book.record(start!);
    expect(seen(book)[1]).toMatchObject({ end: told(100), payer: 'bob' });
    expect(book.orphans).toEqual([]);
  });

  it('Q18: is kept for review when it has no time: it may be the old one told again', () => {
    const book = played(aCharge(0, 'anna'));
    const again = aMessage({ seqNo: 0, at: minutes(90), token: aToken('anna') });
    expect(book.record({ ...again, deviceTime: undefined })).toEqual(REUSED);
    expect(book.record({ ...again, deviceTime: new Date(0) })).toEqual(REUSED);
    expect(book.sessions.size).toBe(1);
  });

  it('is kept for review when the charge that it lies in is known to have gone on', () => {
    const book = played(aCharge(0, 'anna', 60));
    const before = inOrder(book)[0];
    expect(book.record(aMessage({ seqNo: 0, at: minutes(30), token: aToken('bob') }))).toEqual(REUSED);
    expect(inOrder(book)).toEqual([before]);
  });

  it('Q18: is the first one when only its time, which lay ahead, could not be believed then', () => {
    const started = aMessage({ seqNo: 0, deviceTime: minutes(30), at: minutes(0), receivedAt: minutes(0) });
    const book = played([started, aMessage({ kind: 'UPDATED', seqNo: 1, at: minutes(1) })]);
    const again = { ...started, at: minutes(30), receivedAt: minutes(40) };
    expect(book.record(again)).toMatchObject({ kind: 'session' });
    book.record(aMessage({ kind: 'ENDED', seqNo: 2, at: minutes(20) }));
    expect(book.record(again)).toMatchObject({ kind: 'session' });
    expect(book.sessions.size).toBe(1);
  });
});

describe('a start under the id of a charge that runs', () => {
  const start = aMessage({ seqNo: 0, token: aToken('anna') });
  const update = aMessage({ kind: 'UPDATED', seqNo: 1, at: minutes(1), chargingState: 'CHARGING' });

  it('Q18: is that charge while its time is none that can be believed, unless another card is shown', () => {
    const again = { ...start, deviceTime: new Date(0), at: minutes(30), receivedAt: minutes(30) };
    const book = played([start, update]);
    expect(book.record(again)).toMatchObject({ kind: 'session' });
    expect(book.sessions.size).toBe(1);
    expect(book.record({ ...again, token: aToken('bob') })).toEqual(REUSED);
  });

  it('ends that charge and is one of its own when the numbers begin anew', () => {
    const again = aMessage({ seqNo: 0, at: minutes(3), token: aToken('anna') });
    const book = played([start, update, again]);
    expect(seen(book)).toMatchObject([
      { end: concluded(3), payer: 'anna', seqNos: [[0, 1]] },
      { from: minutes(3), end: undefined, payer: 'anna', seqNos: [[0, 0]] },
    ]);
    // Whatever the EVSE: one id has one transaction at a time.
    const elsewhere = played([start, update, { ...again, evseNumber: 0 }], new StationBook(2));
    expect(seen(elsewhere)[0]).toMatchObject({ end: concluded(3) });
  });

  it('is one of its own when another card was shown', () => {
    const book = played([start, update, aMessage({ seqNo: 2, at: minutes(3), token: aToken('bob') })]);
    expect(seen(book)).toMatchObject([{ end: concluded(3), payer: 'anna' }, { payer: 'bob' }]);
  });

  it('is one of its own when it comes long after a start that nothing followed', () => {
    const book = played([start, aMessage({ seqNo: 0, at: minutes(20), token: aToken('anna') })]);
    expect(seen(book)).toMatchObject([{ end: concluded(20) }, { end: undefined }]);
  });

  it('is the same one when it is told again', () => {
    const book = played([start, update]);
    const before = inOrder(book);
    book.record({ ...start, receivedAt: minutes(600) });
    expect(inOrder(book)).toEqual(before);
  });

  it.each([
    ['with another time at once (Q28)', { seqNo: 0, at: minutes(1) }],
    ['with the next number, of the card after the cable', { seqNo: 1, at: minutes(8) }],
  ])('is the same one %s', (_, parts) => {
    const book = played([aMessage({ seqNo: 0 }), aMessage({ ...parts, token: aToken('anna') })]);
    expect(seen(book)).toMatchObject([{ from: minutes(0), end: undefined, payer: 'anna' }]);
  });

  it('lets the station still say when the first one ended', () => {
    const book = played([start, update, ...aCharge(30, 'bob')]);
    expect(seen(book)[0]).toMatchObject({ end: concluded(30) });
    book.record(aMessage({ kind: 'ENDED', seqNo: 2, at: minutes(9), stoppedReason: 'EVDisconnected' }));
    expect(seen(book)).toMatchObject([{ end: told(9) }, { end: told(40) }]);
  });
});

describe('interleavings of charges under one id', () => {
  /** Each charge in its own order, because an end without its start in between is a doubt; the charges in any, with repeats. */
  it('come to the same sessions', () => {
    const charges = [aCharge(0, 'anna'), aCharge(20, 'bob'), aCharge(40, 'anna')];
    const all = charges.flat();
    const expected = seen(played(all));
    expect(expected).toHaveLength(3);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 0, 0, 1, 1, 1, 2, 2, 2], { minLength: 9 }),
        fc.array(fc.nat({ max: 8 }), { maxLength: 5 }),
        (turns, repeats) => {
          const left = charges.map((charge) => [...charge]);
          const book = played(turns.map((turn) => left[turn]!.shift()!));
          played(
            repeats.map((index) => ({ ...all[index]!, receivedAt: minutes(600) })),
            book,
          );
          expect(seen(book)).toEqual(expected);
          expect(book.orphans).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
