import fc from 'fast-check';
import { localParts } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { lastDayToPay, overdueFrom } from './due-date.js';

const zone = 'Europe/Amsterdam';

describe('an invoice', () => {
  it.each([
    ['2026-03-10T12:00:00Z', 14, '2026-03-24T23:00:00.000Z', '2026-03-24'],
    ['2026-03-20T12:00:00Z', 14, '2026-04-03T22:00:00.000Z', '2026-04-03'],
    ['2026-12-31T23:30:00Z', 0, '2027-01-01T23:00:00.000Z', '2027-01-01'],
    ['2026-12-20T12:00:00Z', 30, '2027-01-19T23:00:00.000Z', '2027-01-19'],
  ])('of %s with %i days is overdue from %s, and can be paid on %s', (issued, days, overdue, last) => {
    const at = overdueFrom(new Date(issued), days, zone);
    expect(at.toISOString()).toBe(overdue);
    expect(localParts(lastDayToPay(at), zone).date).toBe(last);
  });

  it('is never overdue before its days have passed, nor two days after', () => {
    const instants = fc.date({
      min: new Date('2026-01-01T00:00:00Z'),
      max: new Date('2030-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.nat(180), (issued, days) => {
        const passed = (overdueFrom(issued, days, zone).getTime() - issued.getTime()) / 86_400_000;
        // An hour of a clock change.
        expect(passed).toBeGreaterThan(days - 0.05);
        expect(passed).toBeLessThan(days + 1.05);
      }),
    );
  });
});
