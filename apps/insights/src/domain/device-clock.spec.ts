import { describe, expect, it } from 'vitest';
import { readingTime, sessionOffsetMs } from './device-clock.js';

const NOON = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('the clock a session is told by', () => {
  it('is ours where the charger is ahead or was never set, else its own', () => {
    expect(sessionOffsetMs(2 * HOUR, NOON)).toBe(0);
    expect(sessionOffsetMs(-NOON, NOON)).toBe(0);
    expect(sessionOffsetMs(-2 * HOUR, NOON)).toBe(-2 * HOUR);
    expect(sessionOffsetMs(4 * MINUTE, NOON)).toBe(4 * MINUTE);
  });
});

describe('a reading', () => {
  it.each<[string, number | undefined, number, number, number]>([
    ['of a right clock', NOON - 1_000, 0, NOON - 1_000, 1_000],
    ['without a time', undefined, 0, NOON, 0],
    ['of a clock that was never set', 5_000, 5_000 - NOON, NOON, 0],
    ['of a charger that is ahead', NOON + 2 * HOUR, 2 * HOUR, NOON, 0],
    ['kept back by a charger that is ahead', NOON + HOUR, 2 * HOUR, NOON - HOUR, HOUR],
    ['of a charger that was ahead and is right now', NOON, 2 * HOUR, NOON, 0],
    ['of a charger that turns out to be ahead', NOON + 2 * HOUR, 0, NOON, 0],
    ['of a clock that jumps', NOON + 90_000 * HOUR, 2 * HOUR, NOON, 0],
    ['of a charger that is behind', NOON - 2 * HOUR, -2 * HOUR, NOON - 2 * HOUR, 0],
    ['kept back by a charger that is behind', NOON - 3 * HOUR, -2 * HOUR, NOON - 3 * HOUR, HOUR],
    ['of a charger that was behind and is right now', NOON, -2 * HOUR, NOON - 2 * HOUR, 0],
    ['kept back by a right clock', NOON - HOUR, 0, NOON - HOUR, HOUR],
  ])('%s', (_what, told, offsetMs, at, lagMs) => {
    expect(readingTime(told, NOON, offsetMs)).toEqual({ at, lagMs });
  });
});
