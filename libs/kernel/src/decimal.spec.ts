import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO, decimal, roundMoney, sumDecimals } from './decimal.js';
import { AppError } from './errors.js';

const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const tenThousandth = cents.map((n) => decimal(n).div('10000'));

describe('decimal', () => {
  it('is exact where floats are not', () => {
    expect(decimal('0.1').plus('0.2').toString()).toBe('0.3');
  });

  it('refuses a float at compile time and at run time', () => {
    // @ts-expect-error a literal with a point is not an integer
    expect(() => decimal(0.25)).toThrow(AppError);
    const price: number = 0.25;
    expect(() => decimal(price)).toThrow('whole number');
  });

  it('refuses a number in the constructor and in arithmetic', () => {
    expect(() => new Decimal(1 as unknown as string)).toThrow(TypeError);
    // @ts-expect-error arithmetic takes text or Decimal
    expect(() => decimal('1').times(2)).toThrow(TypeError);
  });

  it.each(['', ' ', 'abc', '1,5', '0x10', 'NaN', 'Infinity', '1.2.3', '--1'])(
    'refuses the text "%s"',
    (text) => {
      expect(() => decimal(text)).toThrow(
        expect.objectContaining({ kind: 'INVALID', code: 'DECIMAL_INVALID' }),
      );
    },
  );

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [2 ** 53]])('refuses the number %s', (value) => {
    expect(() => decimal(value)).toThrow(expect.objectContaining({ code: 'DECIMAL_FROM_FLOAT' }));
  });

  it('takes whole numbers and decimals', () => {
    expect(decimal(42).toString()).toBe('42');
    expect(decimal(-7).toString()).toBe('-7');
    expect(decimal(decimal('1.50')).toString()).toBe('1.5');
    expect(decimal('1e-3').toFixed()).toBe('0.001');
  });

  it('survives text and back', () => {
    fc.assert(fc.property(tenThousandth, (value) => decimal(value.toFixed()).eq(value)));
  });

  it('sums in any order to the same value', () => {
    fc.assert(
      fc.property(fc.array(tenThousandth), (values) => {
        expect(sumDecimals(values).eq(sumDecimals([...values].reverse()))).toBe(true);
      }),
    );
    expect(sumDecimals([]).eq(ZERO)).toBe(true);
  });
});

describe('roundMoney', () => {
  it.each([
    ['1.835', 'EUR', '1.84'],
    ['1.834999', 'EUR', '1.83'],
    ['-1.835', 'EUR', '-1.84'],
    ['0.005', 'EUR', '0.01'],
    ['4.997', 'EUR', '5.00'],
    ['100.5', 'JPY', '101'],
    ['1.2345', 'KWD', '1.235'],
    ['1.005', 'XYZ', '1.01'],
  ])('rounds %s %s to %s', (amount, currency, expected) => {
    expect(roundMoney(decimal(amount), currency).eq(expected)).toBe(true);
  });

  it('moves an amount by at most half a cent, is idempotent and mirrors negatives', () => {
    fc.assert(
      fc.property(tenThousandth, (amount) => {
        const rounded = roundMoney(amount, 'EUR');
        expect(rounded.minus(amount).abs().lte('0.005')).toBe(true);
        expect(roundMoney(rounded, 'EUR').eq(rounded)).toBe(true);
        expect(roundMoney(amount.neg(), 'EUR').eq(rounded.neg())).toBe(true);
      }),
    );
  });
});
