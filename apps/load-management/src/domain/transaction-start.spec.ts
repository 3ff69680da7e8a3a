import { describe, expect, it } from 'vitest';
import { startByOurClock, startByStationClock } from './transaction-start.js';

const BEGAN = Date.UTC(2026, 5, 1, 12);
const NOW = new Date(BEGAN + 3_600_000);
const MINUTE = 60_000;
const YEAR = 365 * 86_400_000;

describe('the start of a transaction', () => {
  it.each([
    ['right', BEGAN, 0],
    ['3 min ahead', BEGAN + 3 * MINUTE, 3 * MINUTE],
    ['2 h behind', BEGAN - 120 * MINUTE, -120 * MINUTE],
    ['10 years behind, which is a time', BEGAN - 10 * YEAR, -10 * YEAR],
    ['2 h ahead, so sessions took ours', BEGAN, 120 * MINUTE],
    ['in 1970, so sessions took ours', BEGAN, -BEGAN],
  ])('Q18: is known by both clocks when the one of the station is %s', (_name, startedAt, clockOffsetMs) => {
    const start = { startedAt: new Date(startedAt), clockOffsetMs };
    expect(startByOurClock(start, NOW)).toEqual(new Date(BEGAN));
    expect(startByStationClock(start, NOW)).toEqual(new Date(BEGAN + clockOffsetMs));
  });
});
