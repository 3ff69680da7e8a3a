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
  const { price, vatPercent, taxIncluded } = use.component;
  const quantity = decimal(use.quantity + use.surplus);
  const told = price.times(quantity).times(factorOf(use));
  if (vatPercent === null) return { excl: told, vat: ZERO };
  const rate = vatPercent.times('0.01');
  if (!taxIncluded) return { excl: told, vat: told.times(rate) };
  const excl = told.div(rate.plus('1'));
  return { excl, vat: told.minus(excl) };
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

/** value x part / whole; to 20 places, which takes off what 30 places of the three leave over. */
export function inProportion(value: Decimal, part: Decimal, whole: Decimal): Decimal {
  return value.times(part).div(whole).round(20);
}

export function roundedAmount(excl: Decimal, incl: Decimal, currency: string): Amount {
  const [net, gross] = [roundMoney(excl, currency), roundMoney(incl, currency)];
  return { excl: net, vat: gross.minus(net), incl: gross };
}

export function roundScaled(scaled: ScaledAmount, currency: string): Amount {
  return roundedAmount(unscale(scaled.excl), unscale(scaled.excl.plus(scaled.vat)), currency);
}

/**
 * Splits a rounded total over scaled weights so that the parts are rounded too and add up to it: largest remainder first.
 * All weights zero: everything goes to the first. Weights of both signs have no proportions: each part is its weight,
 * rounded, and the largest takes what is left.
 */
export function allocate(total: Decimal, weights: readonly Decimal[], currency: string): Decimal[] {
  const some = (test: (weight: Decimal) => boolean) => weights.some(test);
  const hasNegative = some((weight) => weight.lt('0'));
  if (hasNegative && some((weight) => weight.gt('0'))) return allocateMixed(total, weights, currency);
  if (hasNegative || total.lt('0')) {
    const mirrored = weights.map((weight) => weight.abs());
    // A negative sum lifted above zero, by a minimum price, has no proportions either.
    if (total.gt('0')) return allocateMixed(total, weights, currency);
    return allocate(total.neg(), mirrored, currency).map((part) => part.neg());
  }
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

function allocateMixed(total: Decimal, weights: readonly Decimal[], currency: string): Decimal[] {
  const parts = weights.map((weight) => roundMoney(unscale(weight), currency));
  const largest = weights.reduce(
    (best, weight, index) => (weight.abs().gt(weights[best]!.abs()) ? index : best),
    0,
  );
  const left = total.minus(sumDecimals(parts));
  return parts.map((part, index) => (index === largest ? part.plus(left) : part));
}
