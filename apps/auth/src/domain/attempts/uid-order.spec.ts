import { describe, expect, it } from 'vitest';
import { isRandomUid, nextUids } from './uid-order.js';

describe('the UIDs that follow one', () => {
  it('count from the last byte and, as other readers write them, from the first', () => {
    expect(nextUids('04A1B2C3')).toEqual(['04A1B2C4', '04A1B2C5', '05A1B2C3', '06A1B2C3']);
  });

  it('carry over, and begin again after the highest', () => {
    expect(nextUids('04A1FFFF')).toEqual(['04A20000', '04A20001', '05A1FFFF', '06A1FFFF']);
    expect(nextUids('FFFFFFFF').slice(0, 2)).toEqual(['00000000', '00000001']);
  });

  it('are known for all sizes of UID, and for nothing else', () => {
    for (const digits of [8, 14, 16, 20]) expect(nextUids('1'.repeat(digits))).toHaveLength(4);
    for (const text of ['', '04A1B2', 'NLTNM000122045', '1234567G', '1'.repeat(12)])
      expect(nextUids(text)).toEqual([]);
  });

  it('are not asked for where a phone makes one up at each tap', () => {
    expect(nextUids('08A1B2C3')).toEqual([]);
    expect([isRandomUid('08A1B2C3'), isRandomUid('0408A1B2'), isRandomUid('08A1B2C3D4E5F6')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
