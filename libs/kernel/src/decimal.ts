/**
 * Exact decimals for money and prices. A JS float is refused by type where TypeScript can see it (`decimal(0.1)`
 * does not compile) and always at run time: 0.1 + 0.2 must never reach an invoice.
 */
import Big from 'big.js';
import { minorDigits } from './currency.js';
import { invalid } from './errors.js';

export type DecimalSource = string | Decimal;

/** The part of big.js that is exact, without its `number` arguments. Immutable. */
export interface Decimal {
  plus(n: DecimalSource): Decimal;
  minus(n: DecimalSource): Decimal;
  times(n: DecimalSource): Decimal;
  /** Quotient with 40 decimal places, the only inexact operation. */
  div(n: DecimalSource): Decimal;
  mod(n: DecimalSource): Decimal;
  neg(): Decimal;
  abs(): Decimal;
  cmp(n: DecimalSource): -1 | 0 | 1;
  eq(n: DecimalSource): boolean;
  gt(n: DecimalSource): boolean;
  gte(n: DecimalSource): boolean;
  lt(n: DecimalSource): boolean;
  lte(n: DecimalSource): boolean;
  /** Rounding for quantities; money is rounded by `roundMoney` only. Mode 0 down, 1 half up, 2 half even, 3 up. */
  round(places?: number, mode?: 0 | 1 | 2 | 3): Decimal;
  /** Plain notation, never an exponent; padded or rounded half up to `places` if given. */
  toFixed(places?: number): string;
  toString(): string;
  toJSON(): string;
}

type DecimalConstructor = new (value: DecimalSource) => Decimal;

const StrictBig = Big();
StrictBig.strict = true;
StrictBig.DP = 40;
StrictBig.RM = Big.roundHalfUp;
StrictBig.NE = -40;
StrictBig.PE = 40;

export const Decimal: DecimalConstructor = StrictBig as unknown as DecimalConstructor;

/** `never` for a literal with a point or an exponent; a plain `number` is checked at run time. */
export type IntegerNumber<N extends number> = `${N}` extends `${string}.${string}` | `${string}e-${string}`
  ? never
  : N;

const PLAIN_NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;

/** Exact decimal from text, a safe integer or a Decimal. Throws INVALID for anything else, floats included. */
export function decimal<N extends number>(value: string | Decimal | IntegerNumber<N>): Decimal {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      throw invalid('DECIMAL_FROM_FLOAT', 'A decimal must be given as text or as a whole number.', { value });
    }
    return new Decimal(String(value));
  }
  if (typeof value === 'string' && !PLAIN_NUMBER.test(value)) {
    throw invalid('DECIMAL_INVALID', 'This is not a decimal number.', { value });
  }
  return new Decimal(value);
}

export const ZERO: Decimal = decimal(0);

export function sumDecimals(values: Iterable<Decimal>): Decimal {
  let sum = ZERO;
  for (const value of values) sum = sum.plus(value);
  return sum;
}

/** The ONE rounding of money: half up, away from zero, to the minor unit of the currency. */
export function roundMoney(amount: Decimal, currency: string): Decimal {
  return amount.round(minorDigits(currency), Big.roundHalfUp);
}
