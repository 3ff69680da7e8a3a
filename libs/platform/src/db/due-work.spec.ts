import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { untilNext } from './due-work.js';

const EVERY = fc.integer({ min: 10, max: 3_600_000 });
const NOW = fc.double({ min: 0, max: 1e10, noNaN: true });

describe('the moments at which jobs look', () => {
  it('are the multiples of the interval, so that intervals of 500 ms and 1 s meet every second', () => {
    expect(untilNext(500, 10_100)).toBe(400);
    expect(untilNext(1_000, 10_100)).toBe(900);
  });

  it('leave out one that is just about to come: a timer that fired a little early does not fire twice', () => {
    expect(untilNext(500, 10_499.9)).toBeCloseTo(500.1);
  });

  it('come within a quarter and one and a quarter of the interval', () => {
    fc.assert(
      fc.property(EVERY, NOW, (everyMs, now) => {
        const wait = untilNext(everyMs, now);
        expect(wait).toBeGreaterThanOrEqual(everyMs / 4 - 0.01);
        expect(wait).toBeLessThanOrEqual(everyMs * 1.25 + 0.01);
      }),
    );
  });
});
