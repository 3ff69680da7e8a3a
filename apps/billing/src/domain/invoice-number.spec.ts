import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invoiceNumber, invoiceYear, parseInvoiceNumber } from './invoice-number.js';

describe('invoiceNumber', () => {
  it('has prefix, year and six digits', () => {
    expect(invoiceNumber('DEMO', 2026, 1)).toBe('DEMO-2026-000001');
    expect(invoiceNumber('DEMO', 2026, 1_234_567)).toBe('DEMO-2026-1234567');
  });

  it('can be read back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('KW', 'A1', 'DEMO'),
        fc.integer({ min: 2000, max: 9999 }),
        fc.integer({ min: 1, max: 99_999_999 }),
        (prefix, year, sequence) => {
          expect(parseInvoiceNumber(invoiceNumber(prefix, year, sequence))).toEqual({
            prefix,
            year,
            sequence,
          });
        },
      ),
    );
  });

  it.each([
    ['', 2026, 1],
    ['demo', 2026, 1],
    ['A-B', 2026, 1],
    ['X'.repeat(13), 2026, 1],
    ['DEMO', 26, 1],
    ['DEMO', 2026, 0],
    ['DEMO', 2026, 1.5],
  ])('refuses prefix "%s", year %d, sequence %d', (prefix, year, sequence) => {
    expect(() => invoiceNumber(prefix, year, sequence)).toThrow(expect.objectContaining({ kind: 'INVALID' }));
  });

  it.each(['', 'DEMO-2026-1', 'DEMO-2026-000000', 'demo-2026-000001', 'DEMO-26-000001', 'DEMO-2026-000001 '])(
    'knows that "%s" is no invoice number',
    (text) => {
      expect(parseInvoiceNumber(text)).toBeUndefined();
    },
  );

  it('takes the year from the calendar of the operator', () => {
    const lateSylvester = new Date('2026-12-31T23:30:00Z');
    expect(invoiceYear(lateSylvester, 'Europe/Amsterdam')).toBe(2027);
    expect(invoiceYear(lateSylvester, 'UTC')).toBe(2026);
  });
});
