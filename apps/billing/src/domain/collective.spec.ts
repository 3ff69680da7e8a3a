import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToMonth, instantOfMonth, monthOf } from './calendar-month.js';
import { collectiveMonth, dueOf, nextMonth } from './collective.js';

const amsterdam = { timeZone: 'Europe/Amsterdam', waitMs: 48 * 3_600_000 };
const at = (text: string) => new Date(text);

describe('a calendar month', () => {
  it.each([
    ['2026-03', 1, '2026-04'],
    ['2026-12', 1, '2027-01'],
    ['2026-01', -1, '2025-12'],
    ['2026-05', 20, '2028-01'],
  ])('%s and %i more is %s', (month, more, then) => expect(addToMonth(month, more)).toBe(then));

  it.each([
    ['2026-03-31T22:30:00Z', '2026-04'],
    ['2026-03-31T21:30:00Z', '2026-03'],
    ['2026-12-31T23:00:00Z', '2027-01'],
  ])('of %s is %s on the wall of Amsterdam', (instant, month) => {
    expect(monthOf(at(instant), 'Europe/Amsterdam')).toBe(month);
  });

  it('begins at midnight there, in both halves of the year', () => {
    expect(instantOfMonth('2026-07', 'Europe/Amsterdam')).toEqual(at('2026-06-30T22:00:00Z'));
    expect(instantOfMonth('2026-01', 'Europe/Amsterdam')).toEqual(at('2025-12-31T23:00:00Z'));
  });

  it('is refused when it is none', () => expect(() => addToMonth('2026-13', 1)).toThrow('BILLING_MONTH'));
});

describe('the month whose invoice takes a session', () => {
  it.each([
    ['its own while that is not over', '2026-03-10T12:00:00Z', '2026-03-10T13:00:00Z', '2026-03'],
    [
      'its own while the invoice waits for late energy',
      '2026-03-31T20:00:00Z',
      '2026-04-02T21:00:00Z',
      '2026-03',
    ],
    ['the next when it is billed after that', '2026-03-31T20:00:00Z', '2026-04-02T22:00:00Z', '2026-04'],
    [
      'the one that still waits when it is billed much later',
      '2026-03-05T20:00:00Z',
      '2026-08-01T22:00:00Z',
      '2026-07',
    ],
    [
      'the running one when it is billed much later',
      '2026-03-05T20:00:00Z',
      '2026-08-10T22:00:00Z',
      '2026-08',
    ],
  ])('is %s', (_what, ended, now, month) => {
    expect(collectiveMonth(at(ended), at(now), amsterdam).month).toBe(month);
  });

  it('is never one whose invoice is due, and no later than it must be', () => {
    const instants = fc.date({
      min: at('2026-01-01T00:00:00Z'),
      max: at('2029-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    const zones = fc.constantFrom('Europe/Amsterdam', 'America/St_Johns', 'Pacific/Kiritimati', 'UTC');
    fc.assert(
      fc.property(instants, fc.nat(500), zones, fc.nat(336), (ended, days, timeZone, hours) => {
        const calendar = { timeZone, waitMs: hours * 3_600_000 };
        const now = new Date(ended.getTime() + days * 86_400_000);
        const { month, dueAt } = collectiveMonth(ended, now, calendar);
        expect(dueAt > now).toBe(true);
        expect(month >= monthOf(ended, timeZone)).toBe(true);
        const before = addToMonth(month, -1);
        const couldBeEarlier = before >= monthOf(ended, timeZone) && dueOf(before, calendar).dueAt > now;
        expect(couldBeEarlier).toBe(false);
        expect(nextMonth(month, calendar).dueAt > dueAt).toBe(true);
      }),
    );
  });
});
