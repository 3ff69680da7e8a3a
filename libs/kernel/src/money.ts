/** An exact amount in one currency. Adding two currencies is an error, never a conversion. */
import { assertCurrency, minorDigits } from './currency.js';
import { Decimal, type IntegerNumber, ZERO, decimal, roundMoney } from './decimal.js';
import { internal } from './errors.js';

export interface Money {
  readonly amount: Decimal;
  readonly currency: string;
}

/** Money at every boundary: plain decimal text, at least the currency's minor digits (`"5.50"`). */
export interface WireMoney {
  readonly amount: string;
  readonly currency: string;
}

/** Throws INVALID for an unknown currency or an amount that is not exact. */
export function money<N extends number>(
  amount: string | Decimal | IntegerNumber<N>,
  currency: string,
): Money {
  return { amount: decimal<N>(amount), currency: assertCurrency(currency) };
}

export function zeroMoney(currency: string): Money {
  return money(ZERO, currency);
}

export function addMoney(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return { amount: a.amount.plus(b.amount), currency: a.currency };
}

export function negate(m: Money): Money {
  return { amount: m.amount.neg(), currency: m.currency };
}

export function compareMoney(a: Money, b: Money): -1 | 0 | 1 {
  assertSameCurrency(a, b);
  return a.amount.cmp(b.amount);
}

export function roundedMoney(m: Money): Money {
  return { amount: roundMoney(m.amount, m.currency), currency: m.currency };
}

export function toWire(m: Money): WireMoney {
  const plain = m.amount.toFixed();
  const digits = minorDigits(m.currency);
  const places = plain.includes('.') ? plain.length - plain.indexOf('.') - 1 : 0;
  return { amount: places < digits ? m.amount.toFixed(digits) : plain, currency: m.currency };
}

export function fromWire(wire: WireMoney): Money {
  return money(wire.amount, wire.currency);
}

function assertSameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) {
    throw internal('MONEY_CURRENCY_MISMATCH', 'Amounts of two currencies were mixed.', {
      currencies: [a.currency, b.currency],
    });
  }
}
