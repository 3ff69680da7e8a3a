import { decimal, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { checkRange, revenueCsv, type RevenueRow } from './revenue.js';

const range = (from: string, to: string, period: 'DAY' | 'MONTH' | 'YEAR' = 'DAY') =>
  ({ from, to, by: 'TENANT', period }) as const;

describe('the days of a revenue', () => {
  it('are taken as they are', () => {
    expect(checkRange(range('2026-03-01', '2026-03-31'))).toEqual(range('2026-03-01', '2026-03-31'));
    expect(checkRange(range('2026-03-29', '2026-03-29')).to).toBe('2026-03-29');
    expect(checkRange(range('2020-01-01', '2026-12-31', 'MONTH')).period).toBe('MONTH');
  });

  it.each([
    ['2026-02-30', '2026-03-01', 'BILLING_REVENUE_DAY'],
    ['2026-3-1', '2026-03-01', 'BILLING_REVENUE_DAY'],
    ['yesterday', '2026-03-01', 'BILLING_REVENUE_DAY'],
    ['2026-03-02', '2026-03-01', 'BILLING_REVENUE_RANGE'],
    ['2024-01-01', '2026-01-01', 'BILLING_REVENUE_RANGE'],
  ])('from %s to %s are refused', (from, to, code) => {
    expect(() => checkRange(range(from, to))).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });
});

const row: RevenueRow = {
  ...{
    period: '2026-03',
    locationId: 'l-1',
    locationName: 'Square, "North"',
    stationId: '',
    stationIdentity: '',
  },
  ...{ currency: 'EUR', net: decimal('10'), tax: decimal('2.1'), creditedNet: decimal('-1'), creditNotes: 1 },
  ...{ partnerNet: ZERO, providerFees: decimal('0.3'), energyMwh: 12_345_678, sessions: 3 },
  taxes: [{ name: 'VAT', percent: decimal('21'), base: decimal('10'), amount: decimal('2.1') }],
};

describe('the file of a revenue', () => {
  it('has a line of names and one for each row', () => {
    const [, line] = revenueCsv([row]).split('\r\n');
    expect(line).toBe(
      '2026-03,l-1,"Square, ""North""",,,EUR,10.00,2.10,12.10,VAT 21%: 2.10,-1.00,1,0.00,0.30,12.345678,3',
    );
  });

  it('has the line of names alone when there is nothing', () => {
    expect(revenueCsv([])).toMatch(/^period,location_id,[a-z_,]+\r\n$/);
  });
});
