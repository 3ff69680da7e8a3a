import fc from 'fast-check';
import { decimal, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { checkRange, csv, revenueCsv, type RevenueRow } from './revenue.js';

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

  it('has no cell that a spreadsheet computes, and loses no text', () => {
    expect(csv(['name'], [['=1+1'], ['-2.50'], ['+31 20']])).toBe("name\r\n'=1+1\r\n-2.50\r\n'+31 20\r\n");
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 4 }), (texts) => {
        const line = csv(['h'], [texts]).slice('h\r\n'.length, -2);
        expect(cellsOf(line).map((text) => text.replace(/^'/, ''))).toEqual(
          texts.map((text) => text.replace(/^'/, '')),
        );
        expect(cellsOf(line).some((text) => /^[=+@\t\r]/.test(text))).toBe(false);
      }),
    );
  });
});

/** Cells of one record, read as RFC 4180 says. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const raw = quoted ? quoted[0] : /^[^,]*/.exec(rest)![0];
    cells.push(quoted ? quoted[1]!.replaceAll('""', '"') : raw);
    if (raw.length === rest.length) return cells;
    rest = rest.slice(raw.length + 1);
  }
}
