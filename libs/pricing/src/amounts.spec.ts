import { decimal, sumDecimals } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, roundedAmount } from './amounts.js';

const cents = (n: number) => decimal(n).div('100');

describe('allocate', () => {
  it('gives the odd cent to the largest remainder', () => {
    const parts = allocate(decimal('0.10'), [decimal('1'), decimal('1'), decimal('2')], 'EUR');
    expect(parts.map((p) => p.toFixed(2))).toEqual(['0.03', '0.02', '0.05']);
  });

  it('puts everything on the first when no weight counts', () => {
    expect(allocate(decimal('5'), [decimal(0), decimal(0)], 'EUR').map((p) => p.toFixed())).toEqual([
      '5',
      '0',
    ]);
    expect(allocate(decimal('5'), [], 'EUR')).toEqual([]);
  });

  it('respects a currency without minor unit', () => {
    expect(allocate(decimal('5'), [decimal(1), decimal(1)], 'JPY').map((p) => p.toFixed())).toEqual([
      '3',
      '2',
    ]);
  });

  const scaled = (amount: string) => decimal(amount).times('3600000');

  it('mirrors a credit', () => {
    const parts = allocate(decimal('-0.10'), [decimal('-1'), decimal('-1'), decimal('-2')], 'EUR');
    expect(parts.map((p) => p.toFixed(2))).toEqual(['-0.03', '-0.02', '-0.05']);
  });

  it('gives parts of both signs what they are, and the largest what is left', () => {
    const parts = allocate(decimal('0.01'), [scaled('1.004'), scaled('-2.004'), scaled('1.004')], 'EUR');
    expect(parts.map((p) => p.toFixed(2))).toEqual(['1.00', '-1.99', '1.00']);
    const lifted = allocate(decimal('1'), [scaled('-1'), scaled('-0.5')], 'EUR');
    expect(lifted.map((p) => p.toFixed(2))).toEqual(['1.50', '-0.50']);
  });

  it('adds up to the total whatever the signs', () => {
    const weights = fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), weights, (total, shares) => {
        const parts = allocate(
          cents(total),
          shares.map((w) => decimal(w)),
          'EUR',
        );
        expect(sumDecimals(parts).eq(cents(total))).toBe(true);
        for (const part of parts) expect(part.round(2).eq(part)).toBe(true);
      }),
    );
  });

  it('always adds up to the total, in whole cents, each part within a cent of its share', () => {
    const weights = fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), weights, (total, shares) => {
        const parts = allocate(
          cents(total),
          shares.map((w) => decimal(w)),
          'EUR',
        );
        expect(sumDecimals(parts).eq(cents(total))).toBe(true);
        const sum = shares.reduce((a, b) => a + b, 0);
        parts.forEach((part, index) => {
          expect(part.round(2).eq(part)).toBe(true);
          if (sum === 0) return;
          const ideal = cents(total).times(decimal(shares[index]!)).div(decimal(sum));
          expect(part.minus(ideal).abs().lt('0.01')).toBe(true);
        });
      }),
    );
  });
});

describe('roundedAmount', () => {
  it('rounds net and gross once each, and VAT is what lies between', () => {
    const { excl, vat, incl } = roundedAmount(decimal('5.625'), decimal('6.2375'), 'EUR');
    expect([excl, vat, incl].map((d) => d.toFixed(2))).toEqual(['5.63', '0.61', '6.24']);
  });
});
