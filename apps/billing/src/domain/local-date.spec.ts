import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dateOf, daysBetween, instantOfDate } from './local-date.js';

const zone = 'Europe/Amsterdam';
const days = fc.integer({ min: 0, max: 20_000 }).map((n) => addDays('1990-01-01', n));

describe('a day of a calendar', () => {
  it.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-03-01', -1, '2026-02-28'],
  ])('%s and %i days is %s', (from, n, to) => {
    expect(addDays(from, n)).toBe(to);
    expect(daysBetween(from, to)).toBe(n);
  });

  it('is counted back and forth, whatever the clocks do', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -400, max: 400 }), (from, n) => {
        expect(daysBetween(from, addDays(from, n))).toBe(n);
        expect(dateOf(instantOfDate(addDays(from, n), 9, zone), zone)).toBe(addDays(from, n));
      }),
    );
  });

  it('begins its morning by the clocks of the place', () => {
    expect(instantOfDate('2026-03-28', 9, zone).toISOString()).toBe('2026-03-28T08:00:00.000Z');
    expect(instantOfDate('2026-03-29', 9, zone).toISOString()).toBe('2026-03-29T07:00:00.000Z');
  });
});
