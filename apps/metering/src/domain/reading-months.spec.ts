import { describe, expect, it } from 'vitest';
import { monthsWanted } from './reading-months.js';

describe('months of readings', () => {
  it('are there from the one before to three ahead, over the turn of a year, by UTC', () => {
    expect(monthsWanted(new Date('2026-11-30T23:59:59Z'))).toEqual([
      '2026-10-01',
      '2026-11-01',
      '2026-12-01',
      '2027-01-01',
      '2027-02-01',
    ]);
    expect(monthsWanted(new Date('2028-01-31T12:00:00Z'))).toContain('2028-02-01');
  });
});
