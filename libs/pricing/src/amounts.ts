/**
 * Exact amounts and their one rounding. Prices per hour would need thirds of a cent, so all sums are kept as
 * amount x 3 600 000 (milliseconds of an hour), which is exact for every quantity, and divided once at the end.
 */
import { type Decimal, ZERO, decimal, minorDigits, roundMoney, sumDecimals } from '@kilowatch/kernel';
import type { Use } from './uses.js';

const SCALE = '3600000';

/** Amounts times 3 600 000. */
export interface ScaledAmount {
  readonly excl: Decimal;
  readonly vat: Decimal;
}

/** A figure as it is shown: each of excl and incl rounded once, vat their difference. */
export interface Amount {
  readonly excl: Decimal;
  readonly vat: Decimal;
  readonly incl: Decimal;
}

export function scaledAmountOf(use: Use): ScaledAmount {
  const { price, vatPercent } = use.component;
  const quantity = decimal(use.quantity + use.surplus);
  const excl = price.times(quantity).times(factorOf(use));
  return { excl, vat: vatPercent === null ? ZERO : excl.times(vatPercent).times('0.01') };
}

/** mWh: 3 600 000 / 1 000 000 kWh; ms: already the scale; flat: the scale itself. */
function factorOf(use: Use): string {
  if (use.dimension === 'ENERGY') return '3.6';
  return use.dimension.endsWith('FLAT') ? SCALE : '1';
}

export function sumScaled(amounts: readonly ScaledAmount[]): ScaledAmount {
  return { excl: sumDecimals(amounts.map((a) => a.excl)), vat: sumDecimals(amounts.map((a) => a.vat)) };
}

/** Far finer than any tariff, far coarser than what a division leaves over: 0.4999... of a quotient is 0.5 again. */
const EXACT_PLACES = 30;

export function unscale(value: Decimal): Decimal {
  return value.div(SCALE).round(EXACT_PLACES);
}

export function roundedAmount(excl: Decimal, incl: Decimal, currency: string): Amount {
  const [net, gross] = [roundMoney(excl, currency), roundMoney(incl, currency)];
  return { excl: net, vat: gross.minus(net), incl: gross };
}

export function roundScaled(scaled: ScaledAmount, currency: string): Amount {
  return roundedAmount(unscale(scaled.excl), unscale(scaled.excl.plus(scaled.vat)), currency);
}

/**
 * Splits a rounded total over weights so that the parts are rounded too and add up to it: largest remainder first.
 * All weights zero: everything goes to the first.
 */
export function allocate(total: Decimal, weights: readonly Decimal[], currency: string): Decimal[] {
  const sum = sumDecimals(weights);
  if (sum.eq('0')) return weights.map((_, index) => (index === 0 ? total : ZERO));
  const unit = decimal(1).div(decimal(`1e${minorDigits(currency)}`));
  const units = weights.map((weight) => total.times(weight).div(sum).div(unit));
  const whole = units.map((value) => value.round(0, 0));
  let left = Number(total.div(unit).minus(sumDecimals(whole)).toFixed(0));
  const byRemainder = units.map((value, index) => ({ index, rest: value.minus(whole[index]!) }));
  byRemainder.sort((a, b) => b.rest.cmp(a.rest) || a.index - b.index);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    whole[index] = whole[index]!.plus('1');
    left -= 1;
  }
  return whole.map((value) => value.times(unit));
}
