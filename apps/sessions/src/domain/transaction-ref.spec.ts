import { describe, expect, it } from 'vitest';
import { messageKey, startKeys16, type StartIdentity } from './business-key.js';
import { addSeqNo, hasSeqNo, seqGapCount, type SeqRanges } from './seq-numbers.js';
import { allocateTransactionRef, isUsableRef } from './transaction-ref.js';
import fc from 'fast-check';

describe('transaction reference', () => {
  it('skips numbers the station has had', () => {
    expect(allocateTransactionRef(['7', '8'], new Set(['7']))).toBe('8');
  });

  it('fails loudly when every candidate is taken', () => {
    expect(() => allocateTransactionRef(['7'], new Set(['7']))).toThrow(/SESSIONS_NO_TRANSACTION_ID/);
  });

  it.each([
    ['0', false],
    ['-1', false],
    ['', false],
    ['-42', false],
    ['000', false],
    ['1', true],
    ['c0ffee-1', true],
  ])('%j is usable: %s', (ref, usable) => {
    expect(isUsableRef(ref)).toBe(usable);
  });
});

describe('business keys', () => {
  const start = {
    evseNumber: 1,
    connectorNumber: 1,
    tokenHash: 'a',
    deviceTime: new Date(0),
    receivedAt: new Date(9),
    registerMwh: 5,
  };
  const keyOf = (parts: Partial<StartIdentity> = {}) => startKeys16({ ...start, ...parts }).startKey;

  it('tell two starts apart by any part, and not by anything else', () => {
    expect(keyOf({ receivedAt: new Date(99) })).toBe(keyOf());
    expect(keyOf({ registerMwh: 6 })).not.toBe(keyOf());
    expect(keyOf({ evseNumber: 2 })).not.toBe(keyOf());
    expect(keyOf({ deviceTime: new Date(1000) })).not.toBe(keyOf());
  });

  it('keep sequence number zero apart from none', () => {
    const message = { kind: 'UPDATED', transactionRef: 't', deviceTime: undefined, detail: '' };
    expect(messageKey({ ...message, seqNo: 0 })).not.toBe(messageKey({ ...message, seqNo: undefined }));
  });
});

describe('sequence numbers', () => {
  it('are the same set in any order, duplicates included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 })), (numbers) => {
        const inOrder = [...new Set(numbers)].sort((a, b) => a - b);
        const fold = (list: number[]) => list.reduce<SeqRanges>(addSeqNo, []);
        expect(fold(numbers)).toEqual(fold(inOrder));
        expect(inOrder.every((n) => hasSeqNo(fold(numbers), n))).toBe(true);
        const highest = inOrder.at(-1);
        expect(seqGapCount(fold(numbers))).toBe(highest === undefined ? 0 : highest + 1 - inOrder.length);
      }),
    );
  });
});
