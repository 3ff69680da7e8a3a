import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOf, type RegisterReading } from './register-buckets.js';

const reading = (transactionRef: string, second: number, mwh: number): RegisterReading => ({
  stationId: 'S',
  transactionRef,
  at: new Date(Date.UTC(2026, 0, 1) + second * 1000),
  mwh,
});

describe('bucketsOf', () => {
  it('keeps the first and the last register of each five minutes and transaction', () => {
    const buckets = bucketsOf([
      reading('A', 10, 5),
      reading('A', 290, 9),
      reading('A', 200, 7),
      reading('A', 300, 10),
      reading('B', 20, 1),
    ]);
    expect(buckets.map((b) => [b.transactionRef, b.firstMwh, b.lastMwh])).toEqual([
      ['A', 5, 9],
      ['A', 10, 10],
      ['B', 1, 1],
    ]);
  });

  it('does not depend on the order of the readings', () => {
    const some = fc.uniqueArray(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(some, some, (seconds, shuffle) => {
        const readings = seconds.map((second) => reading('A', second, second));
        const other = [...readings].sort(
          (a, b) => shuffle[a.mwh % shuffle.length]! - shuffle[b.mwh % shuffle.length]!,
        );
        expect(bucketsOf(other)).toEqual(bucketsOf(readings));
      }),
    );
  });
});
