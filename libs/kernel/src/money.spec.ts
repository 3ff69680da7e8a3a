import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCurrency, minorDigits } from './currency.js';
import { decimal } from './decimal.js';
import { addMoney, compareMoney, fromWire, money, negate, roundedMoney, toWire, zeroMoney } from './money.js';

const someMoney = fc
  .integer({ min: -1_000_000_000, max: 1_000_000_000 })
  .map((n) => money(decimal(n).div('1000'), 'EUR'));

describe('money', () => {
  it('refuses an unknown currency', () => {
    expect(() => money('1', 'EURO')).toThrow(expect.objectContaining({ code: 'CURRENCY_UNKNOWN' }));
    expect(() => money('1', 'eur')).toThrow(expect.objectContaining({ code: 'CURRENCY_UNKNOWN' }));
  });

  it('refuses a float amount', () => {
    // @ts-expect-error a literal with a point is not an integer
    expect(() => money(0.1, 'EUR')).toThrow(expect.objectContaining({ code: 'DECIMAL_FROM_FLOAT' }));
  });

  it('refuses to mix currencies', () => {
    expect(() => addMoney(money('1', 'EUR'), money('1', 'USD'))).toThrow(
      expect.objectContaining({ kind: 'INTERNAL', code: 'MONEY_CURRENCY_MISMATCH' }),
    );
    expect(() => compareMoney(money('1', 'EUR'), money('1', 'USD'))).toThrow('MONEY_CURRENCY_MISMATCH');
  });

  it.each([
    ['5.5', 'EUR', '5.50'],
    ['5', 'EUR', '5.00'],
    ['5', 'JPY', '5'],
    ['1.5', 'KWD', '1.500'],
    ['0.12345', 'EUR', '0.12345'],
    ['0.00000001', 'EUR', '0.00000001'],
    ['-0.5', 'EUR', '-0.50'],
  ])('writes %s %s as %s without losing a digit', (amount, currency, text) => {
    expect(toWire(money(amount, currency))).toEqual({ amount: text, currency });
  });

  it('survives the wire and adds up to zero with its negation', () => {
    fc.assert(
      fc.property(someMoney, (m) => {
        expect(compareMoney(fromWire(toWire(m)), m)).toBe(0);
        expect(compareMoney(addMoney(m, negate(m)), zeroMoney('EUR'))).toBe(0);
      }),
    );
  });

  it('rounds once to the minor unit', () => {
    expect(toWire(roundedMoney(money('2.345', 'EUR'))).amount).toBe('2.35');
  });
});

describe('currency table', () => {
  it('knows the minor digits of the usual and the unusual', () => {
    expect(['EUR', 'USD', 'JPY', 'KWD', 'HUF', 'ISK'].map(minorDigits)).toEqual([2, 2, 0, 3, 2, 0]);
    expect(isCurrency('EUR')).toBe(true);
    expect(isCurrency('XXX')).toBe(false);
  });
});
