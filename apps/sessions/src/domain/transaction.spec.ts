import { describe, expect, it } from 'vitest';
import { aMessage, aToken, minutes, StationBook } from '../../test/transaction-builders.js';
import { SUPERSEDED } from './evse-exclusivity.js';
import { chargingStateOf, periodsOf, statusOf, type Session } from './session.js';
import { seqGapCount } from './seq-numbers.js';
import type { TransactionMessage } from './transaction-message.js';

function start16(parts: Partial<TransactionMessage> = {}) {
  return aMessage({
    protocol: 'ocpp1.6',
    transactionRef: '',
    token: aToken('card'),
    registerMwh: 1000,
    ...parts,
  });
}

function only(book: StationBook): Session {
  const all = [...book.sessions.values()];
  expect(all).toHaveLength(1);
  return all[0]!;
}

describe('OCPP 1.6 transactions', () => {
  it('Q28: gives a repeated start the first transaction id', () => {
    const book = new StationBook();
    const first = book.record(start16());
    const again = book.record(start16({ receivedAt: minutes(3) }));
    expect(first.kind === 'session' && again.kind === 'session').toBe(true);
    expect(only(book).transactionRef).toBe('1001');
  });

  describe('Q18, Q28: a start without a time', () => {
    const timeless = (receivedAt: Date, parts: Partial<TransactionMessage> = {}) =>
      start16({ at: receivedAt, deviceTime: undefined, receivedAt, ...parts });
    const stop = (transactionRef: string, minute: number) =>
      start16({ kind: 'ENDED', transactionRef, evseNumber: 0, at: minutes(minute) });

    it('that comes again has the first transaction id, and is not billed twice', () => {
      const book = new StationBook();
      const first = book.record(timeless(minutes(0)));
      const again = book.record(timeless(minutes(3)));
      expect(again).toMatchObject({ before: { transactionRef: '1001' } });
      expect(first).toMatchObject({ session: { transactionRef: '1001' } });
      expect(only(book)).toMatchObject({ transactionRef: '1001', startedAt: minutes(0) });
    });

    it('is a new charge once the one with the same values has ended', () => {
      const book = new StationBook();
      book.record(timeless(minutes(0)));
      book.record(stop('1001', 20));
      book.record(timeless(minutes(30)));
      book.record(timeless(minutes(31)));
      expect([...book.sessions.values()].map(({ end }) => end?.at)).toEqual([minutes(20), undefined]);
      book.record(stop('1003', 50));
      expect([...book.sessions.values()].map(({ end }) => end?.at)).toEqual([minutes(20), minutes(50)]);
    });

    it('is a new charge for another card, register or EVSE', () => {
      const book = new StationBook(2);
      book.record(timeless(minutes(0)));
      book.record(timeless(minutes(1), { evseNumber: 2 }));
      book.record(timeless(minutes(2), { registerMwh: 10_000 }));
      book.record(timeless(minutes(3), { registerMwh: 10_000, token: aToken('other') }));
      expect(book.sessions.size).toBe(4);
    });
  });

  it('charges from the start when the connector says nothing', () => {
    const book = new StationBook();
    book.record(start16());
    expect(chargingStateOf(only(book))).toBe('CHARGING');
  });

  it('takes the state from what the connector said just before the start', () => {
    const book = new StationBook();
    book.status({ at: minutes(-0.2), state: 'SUSPENDED_EVSE', key: 's' });
    book.record(start16());
    expect(chargingStateOf(only(book))).toBe('SUSPENDED_EVSE');
  });

  it('acknowledges a repeated stop and ignores it', () => {
    const book = new StationBook();
    book.record(start16());
    const stop = { kind: 'ENDED', transactionRef: '1001', evseNumber: 0, token: undefined } as const;
    book.record(start16({ ...stop, at: minutes(30), stoppedReason: 'EVDisconnected' }));
    const before = only(book);
    const again = book.record(start16({ ...stop, at: minutes(40), stoppedReason: 'Reboot' }));
    expect(again).toMatchObject({ kind: 'session', session: { end: { reason: 'EVDisconnected' } } });
    expect(only(book)).toBe(before);
  });

  it('keeps a stop of an unknown transaction as an orphan', () => {
    const book = new StationBook();
    book.record(start16());
    const outcome = book.record(start16({ kind: 'ENDED', transactionRef: '55', at: minutes(1) }));
    expect(outcome).toEqual({ kind: 'orphan', reason: 'UNKNOWN_TRANSACTION' });
    expect(statusOf(only(book))).toBe('ACTIVE');
  });

  it('Q29: resolves a stop without id on a station with one EVSE', () => {
    const book = new StationBook(1);
    book.record(start16());
    book.record(start16({ kind: 'ENDED', transactionRef: '-1', evseNumber: 0, at: minutes(9) }));
    expect(only(book).end?.at).toEqual(minutes(9));
  });

  describe('Q31: a stop without id that comes before its start', () => {
    const early = (parts: Partial<TransactionMessage> = {}) =>
      start16({
        kind: 'ENDED',
        transactionRef: '-1',
        evseNumber: 0,
        at: minutes(9),
        registerMwh: 5_000_000,
        stoppedReason: 'EVDisconnected',
        ...parts,
      });

    it('waits, and ends the start', () => {
      const book = new StationBook();
      expect(book.record(early())).toEqual({ kind: 'orphan', reason: 'NO_TRANSACTION_ID' });
      expect(book.record(start16())).toMatchObject({ adopted: [{ message: { transactionRef: '-1' } }] });
      expect(only(book).end).toEqual({ at: minutes(9), reason: 'EVDisconnected', inferred: false });
      expect(book.orphans).toEqual([]);
    });

    it('is told from others of the station by time: the first after the start, and none after the next start', () => {
      const book = new StationBook();
      for (const minute of [9, 29])
        book.record(early({ at: minutes(minute), registerMwh: minute * 1_000_000 }));
      book.record(start16());
      book.record(start16({ at: minutes(20), registerMwh: 9_000_000 }));
      expect([...book.sessions.values()].map(({ end }) => end?.at)).toEqual([minutes(9), minutes(29)]);
      book.record(early({ at: minutes(50), registerMwh: 90_000_000 }));
      book.record(start16({ at: minutes(40), registerMwh: 29_000_000 }));
      book.record(early({ at: minutes(35), registerMwh: 30_000_000 }));
      expect(book.orphans.map(({ message }) => message.at)).toEqual([minutes(35)]);
    });

    it('is not one from before the start, nor one whose register is below it', () => {
      const book = new StationBook();
      book.record(early({ at: minutes(-1) }));
      book.record(early({ registerMwh: 1_000 }));
      book.record(start16({ registerMwh: 3_000_000 }));
      expect(statusOf(only(book))).toBe('ACTIVE');
    });

    it('among several EVSEs is known by its token alone, and left for review in doubt', () => {
      const book = new StationBook(2);
      book.record(early({ token: aToken('other') }));
      book.record(early({ token: undefined, at: minutes(8) }));
      book.record(start16({ token: aToken('other'), evseNumber: 2 }));
      expect(only(book)).toMatchObject({ evseNumber: 2, end: { at: minutes(9) } });
      book.record(early({ at: minutes(12) }));
      book.record(early({ at: minutes(13) }));
      book.record(start16());
      expect([...book.sessions.values()].map(statusOf)).toEqual(['ENDED', 'ACTIVE']);
    });

    it('is not for a start that is told again', () => {
      const book = new StationBook(2);
      book.record(start16());
      book.record(early({ token: undefined }));
      book.record(start16());
      expect(statusOf(only(book))).toBe('ACTIVE');
    });
  });

  it('Q29: resolves a stop without id by token among several EVSEs, and refuses to guess', () => {
    const book = new StationBook(2);
    book.record(start16());
    book.record(start16({ evseNumber: 2, token: aToken('other') }));
    const stop = { kind: 'ENDED', transactionRef: '0', evseNumber: 0, at: minutes(9) } as const;
    expect(book.record(start16({ ...stop, token: undefined }))).toMatchObject({ kind: 'orphan' });
    expect(book.record(start16({ ...stop, token: aToken('other') }))).toMatchObject({
      kind: 'session',
      session: { evseNumber: 2 },
    });
  });

  it('gives a repeated stop without id the session that it ended, whatever has started since', () => {
    const book = new StationBook(1);
    book.record(start16());
    const stop = start16({ kind: 'ENDED', transactionRef: '', evseNumber: 0, at: minutes(9) });
    book.record(stop);
    book.record(start16({ at: minutes(9) }));
    const before = [...book.sessions.values()];
    expect(book.record({ ...stop, receivedAt: minutes(10) })).toMatchObject({
      kind: 'session',
      session: { transactionRef: '1001' },
    });
    expect([...book.sessions.values()]).toEqual(before);
  });

  it('does not end a session that began after the stop happened', () => {
    const book = new StationBook(1);
    book.record(start16({ at: minutes(10) }));
    const stop = start16({ kind: 'ENDED', transactionRef: '0', evseNumber: 0, at: minutes(5) });
    expect(book.record(stop)).toEqual({ kind: 'orphan', reason: 'NO_TRANSACTION_ID' });
  });

  it('closes a ghost session when a new one starts on its connector', () => {
    const book = new StationBook(2);
    book.record(start16());
    book.record(start16({ evseNumber: 2 }));
    const outcome = book.record(start16({ at: minutes(60) }));
    expect(outcome).toMatchObject({
      kind: 'session',
      superseded: [{ after: { evseNumber: 1, end: { reason: SUPERSEDED, at: minutes(60) } } }],
    });
    expect([...book.sessions.values()].map(statusOf)).toEqual(['ENDED', 'ACTIVE', 'ACTIVE']);
  });

  it('Q31: closes a late start itself, not the session that runs now', () => {
    const book = new StationBook();
    book.record(start16({ at: minutes(60) }));
    book.record(start16({ at: minutes(0), receivedAt: minutes(70), offline: true }));
    expect([...book.sessions.values()].map((s) => [statusOf(s), s.end?.at])).toEqual([
      ['ACTIVE', undefined],
      ['ENDED', minutes(60)],
    ]);
  });

  it('replaces a concluded end by the one the station reports later', () => {
    const book = new StationBook();
    book.record(start16());
    book.record(start16({ at: minutes(60) }));
    book.record(
      start16({ kind: 'ENDED', transactionRef: '1001', evseNumber: 0, at: minutes(50), token: undefined }),
    );
    expect(book.sessions.get('session-1')!.end).toEqual({
      at: minutes(50),
      reason: 'Local',
      inferred: false,
    });
  });
});

describe('OCPP 2.0.1 transactions', () => {
  it('Q31: adopts an Updated and an Ended that came before Started', () => {
    const book = new StationBook();
    const early = [
      aMessage({ kind: 'ENDED', seqNo: 2, at: minutes(30), stoppedReason: 'EVDisconnected' }),
      aMessage({ kind: 'UPDATED', seqNo: 1, at: minutes(1), chargingState: 'CHARGING' }),
    ];
    expect(early.map((message) => book.record(message).kind)).toEqual(['orphan', 'orphan']);
    const outcome = book.record(aMessage({ seqNo: 0 }));
    expect(outcome).toMatchObject({
      kind: 'session',
      adopted: [{}, {}],
      session: { end: { at: minutes(30) } },
    });
    expect(book.orphans).toEqual([]);
    expect(periodsOf(only(book)).map((p) => p.state)).toEqual(['EV_CONNECTED', 'CHARGING']);
  });

  it('wire: Ended twice: the first one counts', () => {
    const book = new StationBook();
    book.record(aMessage({ seqNo: 0 }));
    book.record(aMessage({ kind: 'ENDED', seqNo: 1, at: minutes(5) }));
    book.record(aMessage({ kind: 'ENDED', seqNo: 2, at: minutes(6) }));
    expect(only(book).end?.at).toEqual(minutes(5));
  });

  it('wire: Started before Authorize: the token may come after the start', () => {
    const book = new StationBook();
    book.record(aMessage({ seqNo: 0, trigger: 'CablePluggedIn' }));
    expect(only(book).payer).toBeUndefined();
    book.record(aMessage({ kind: 'UPDATED', seqNo: 1, trigger: 'Authorized', token: aToken('card') }));
    expect(only(book).payer).toMatchObject({ tokenId: 'token-card', authorised: true });
  });

  it('Q32: binds by the transaction id, and to the EVSE a later message names', () => {
    const book = new StationBook();
    book.record(aMessage({ seqNo: 0, evseNumber: 0, connectorNumber: 0 }));
    book.record(aMessage({ kind: 'UPDATED', seqNo: 1, evseNumber: 2, connectorNumber: 1 }));
    expect(only(book)).toMatchObject({ evseNumber: 2, connectorNumber: 1 });
  });

  it('Q32: counts a gap in the sequence and goes on', () => {
    const book = new StationBook();
    book.record(aMessage({ seqNo: 0 }));
    book.record(aMessage({ kind: 'UPDATED', seqNo: 3, at: minutes(2), chargingState: 'CHARGING' }));
    expect(seqGapCount(only(book).seqNos)).toBe(2);
    expect(chargingStateOf(only(book))).toBe('CHARGING');
  });

  describe('under an id whose session has ended', () => {
    const REUSED = { kind: 'orphan', reason: 'REUSED_TRANSACTION_ID' };
    const ended = (parts: Partial<TransactionMessage> = {}) => {
      const book = new StationBook();
      book.record(aMessage({ seqNo: 0, token: aToken('anna', false), ...parts }));
      book.record(aMessage({ kind: 'UPDATED', seqNo: 1, at: minutes(1), chargingState: 'CHARGING' }));
      book.record(aMessage({ kind: 'ENDED', seqNo: 2, at: minutes(5) }));
      return book;
    };

    it('neither change who pays for the charge nor its story, and without a start are kept for review', () => {
      const book = ended();
      const before = only(book);
      const second = [
        aMessage({ kind: 'UPDATED', seqNo: 1, at: minutes(8), token: aToken('bob'), chargingState: 'IDLE' }),
        aMessage({ kind: 'UPDATED', seqNo: 7, at: minutes(60), token: aToken('bob') }),
        aMessage({ kind: 'ENDED', seqNo: 8, at: minutes(90) }),
      ];
      expect(second.map((message) => book.record(message))).toEqual([REUSED, REUSED, REUSED]);
      expect(only(book)).toBe(before);
      expect(before.payer).toMatchObject({ tokenHash: 'anna', authorised: false });
    });

    it('are not what trails behind the end; that names no payer either', () => {
      const book = ended();
      const trailing = aMessage({ kind: 'UPDATED', seqNo: 3, at: minutes(6), token: aToken('bob') });
      expect(book.record(trailing)).toMatchObject({ kind: 'session' });
      expect(book.record(aMessage({ kind: 'ENDED', seqNo: 4, at: minutes(6) }))).toMatchObject({
        session: { end: { at: minutes(5) } },
      });
      expect(only(book).payer).toMatchObject({ tokenHash: 'anna' });
    });

    it('are not what happened before the end and is told late, or told again', () => {
      const book = ended();
      const late = aMessage({
        kind: 'UPDATED',
        seqNo: 3,
        at: minutes(2),
        token: aToken('carl'),
        receivedAt: minutes(600),
      });
      expect(book.record(late)).toMatchObject({ session: { payer: { tokenHash: 'carl' } } });
      const before = only(book);
      book.record(aMessage({ seqNo: 0, token: aToken('anna', false), receivedAt: minutes(600) }));
      book.record(aMessage({ kind: 'ENDED', seqNo: 2, at: minutes(5), receivedAt: minutes(600) }));
      expect(only(book)).toBe(before);
    });

    it('Q18: are not an end without a usable time that is told again', () => {
      const book = ended();
      const before = only(book);
      const again = { kind: 'ENDED', seqNo: 2, receivedAt: minutes(60), at: minutes(60) } as const;
      book.record(aMessage({ ...again, deviceTime: undefined }));
      book.record(aMessage({ ...again, deviceTime: new Date(0) }));
      expect(only(book)).toBe(before);
    });

    it('are the end where it was concluded: the station may still say when it was', () => {
      const book = new StationBook();
      book.record(aMessage({ seqNo: 0 }));
      book.record(aMessage({ transactionRef: 'tx-2', seqNo: 0, at: minutes(10) }));
      book.record(aMessage({ seqNo: 0, at: minutes(30) }));
      expect(book.record(aMessage({ kind: 'ENDED', seqNo: 4, at: minutes(9) }))).toMatchObject({
        session: { end: { at: minutes(9), inferred: false } },
      });
    });
  });
});
