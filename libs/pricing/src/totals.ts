/**
 * Totals of a price. min_price and max_price clamp the session total, before and after VAT each on its own; the
 * costs per component stay as they are (docs/ocpi-notes.md P5). Of several tariffs each maximum limits what its own
 * tariff priced, and the largest minimum is asked of the session once (docs/adr/0017). Each figure is rounded once (P6);
 * the tables of taxes add up to the total exactly, so that an invoice does.
 */
import { type Decimal, ZERO, roundMoney, sumDecimals } from '@kilowatch/kernel';
import { type Amount, allocate, inProportion, roundedAmount, sumScaled, unscale } from './amounts.js';
import type { Position } from './price-lines.js';
import { type PriceLimit, type Tariff, type Tax, isPlainVat } from './tariff.js';

export interface VatRow extends Amount {
  /** Null: VAT does not apply. */
  readonly vatPercent: Decimal | null;
}

/** What is due of one tax, where there is another than VAT. The amounts add up to the VAT of the total. */
export interface TaxRow extends Tax {
  /** What it is a percentage of. */
  readonly base: Decimal;
  readonly amount: Decimal;
}

/** What a minimum or maximum price adds to (or takes off) the sum of the lines. */
export interface Adjustment extends Amount {
  readonly reason: 'MIN_PRICE' | 'MAX_PRICE';
}

export interface ComponentTotals {
  readonly fixed: Amount;
  readonly energy: Amount;
  readonly time: Amount;
  readonly parking: Amount;
  /** Fee and time of the reservation. */
  readonly reservation: Amount;
}

/** A figure before its one rounding, to 30 decimal places. */
export interface ExactAmount {
  readonly excl: Decimal;
  readonly incl: Decimal;
}

/** What the rounded figures were rounded from; `total` is after minimum and maximum price. */
export type ExactTotals = Readonly<Record<'total' | keyof ComponentTotals, ExactAmount>>;

export interface Totals {
  readonly total: Amount;
  /** By all taxes taken together. */
  readonly byVatRate: readonly VatRow[];
  readonly byTax?: readonly TaxRow[];
  readonly components: ComponentTotals;
  readonly adjustment: Adjustment | null;
  readonly exact: ExactTotals;
}

/** `used`: indices of the tariffs that price any of the session, so that their limits count. */
export function totalsOf(
  tariffs: readonly Tariff[],
  used: readonly number[],
  positions: readonly Position[],
): Totals {
  const { currency } = tariffs[0]!;
  const exact = exactSum(positions);
  const clamped = used.length > 1 ? clampEach(tariffs, used, positions) : clamp(tariffs[used[0]!]!, exact);
  const total = roundedAmount(clamped.excl, clamped.incl, currency);
  const plain = roundedAmount(exact.excl, exact.incl, currency);
  const sumOf = (...dimensions: string[]) =>
    exactSum(positions.filter((p) => dimensions.includes(p.line.dimension)));
  const parts = {
    fixed: sumOf('FLAT'),
    energy: sumOf('ENERGY'),
    time: sumOf('TIME'),
    parking: sumOf('PARKING_TIME'),
    reservation: sumOf('RESERVATION_FLAT', 'RESERVATION_TIME'),
  };
  const rounded = ({ excl, incl }: ExactAmount) => roundedAmount(excl, incl, currency);
  return {
    total,
    byVatRate: vatTable(positions, total, currency),
    ...(positions.every((p) => isPlainVat(p.taxes))
      ? {}
      : { byTax: taxTable(positions, total, { exact, clamped, currency }) }),
    components: {
      fixed: rounded(parts.fixed),
      energy: rounded(parts.energy),
      time: rounded(parts.time),
      parking: rounded(parts.parking),
      reservation: rounded(parts.reservation),
    },
    exact: { total: { excl: clamped.excl, incl: clamped.incl }, ...parts },
    adjustment: clamped.reason && {
      reason: clamped.reason,
      excl: total.excl.minus(plain.excl),
      vat: total.vat.minus(plain.vat),
      incl: total.incl.minus(plain.incl),
    },
  };
}

function exactSum(positions: readonly Position[]): ExactAmount {
  const { excl, vat } = sumScaled(positions.map((position) => position.scaled));
  return { excl: unscale(excl), incl: unscale(excl.plus(vat)) };
}

interface Clamped extends ExactAmount {
  readonly reason: Adjustment['reason'] | null;
}

const isBelow = (value: Decimal, bound: Decimal) => value.lt(bound);
const isAbove = (value: Decimal, bound: Decimal) => value.gt(bound);

function clamp({ minPrice, maxPrice }: Tariff, exact: ExactAmount): Clamped {
  const raised = limit(exact, minPrice, isBelow);
  const lowered = limit(raised, maxPrice, isAbove);
  if (lowered !== raised) return { ...lowered, reason: 'MAX_PRICE' };
  return { ...raised, reason: raised === exact ? null : 'MIN_PRICE' };
}

/** One tariff's own maximum wins over its minimum, as in `clamp`. */
function clampEach(
  tariffs: readonly Tariff[],
  used: readonly number[],
  positions: readonly Position[],
): Clamped {
  let isLowered = false;
  const parts = used.map((index) => {
    const part = exactSum(positions.filter((position) => position.tariffIndex === index));
    const lowered = limit(part, tariffs[index]!.maxPrice, isAbove);
    isLowered ||= lowered !== part;
    return lowered;
  });
  const sum = {
    excl: sumDecimals(parts.map((part) => part.excl)),
    incl: sumDecimals(parts.map((part) => part.incl)),
  };
  const raised = limit(sum, largestMinimum(used.map((index) => tariffs[index]!)), isBelow);
  if (raised !== sum) return { ...raised, reason: 'MIN_PRICE' };
  return { ...sum, reason: isLowered ? 'MAX_PRICE' : null };
}

/** The largest before taxes, of equal ones the largest with them. */
function largestMinimum(tariffs: readonly Tariff[]): PriceLimit | null {
  const minimums = tariffs.flatMap(({ minPrice: min, maxPrice: max }) => {
    if (!min) return [];
    const excl = max && max.excl.lt(min.excl) ? max.excl : min.excl;
    const incl = min.incl && max?.incl?.lt(min.incl) ? max.incl : min.incl;
    return [{ excl, incl }];
  });
  const size = ({ excl, incl }: PriceLimit) => incl ?? excl;
  minimums.sort((a, b) => b.excl.cmp(a.excl) || size(b).cmp(size(a)));
  return minimums[0] ?? null;
}

/** Returns `exact` itself when neither figure is beyond the limit. */
function limit(
  exact: ExactAmount,
  bound: PriceLimit | null,
  isBeyond: (v: Decimal, b: Decimal) => boolean,
): ExactAmount {
  if (!bound) return exact;
  const exclBeyond = isBeyond(exact.excl, bound.excl);
  const inclBound = bound.incl ?? (exclBeyond ? withTaxes(exact, bound.excl) : null);
  const inclBeyond = inclBound !== null && isBeyond(exact.incl, inclBound);
  if (!exclBeyond && !inclBeyond) return exact;
  return { excl: exclBeyond ? bound.excl : exact.excl, incl: inclBeyond ? inclBound : exact.incl };
}

/** Where a credit and a charge meet, there may be no proportion to carry over: then the limit is the same with taxes. */
function withTaxes(exact: ExactAmount, excl: Decimal): Decimal {
  if (exact.excl.eq('0')) return excl;
  const incl = inProportion(exact.incl, excl, exact.excl);
  return incl.lt(excl) ? excl : incl;
}

/** One row per rate in order of first use; parts of the rounded total, so the rows add up to it. */
function vatTable(positions: readonly Position[], total: Amount, currency: string): VatRow[] {
  const rates = new Map<string, { vatPercent: Decimal | null; positions: Position[] }>();
  for (const position of positions) {
    const { vatPercent } = position.line;
    const key = vatPercent?.toFixed() ?? 'none';
    const rate = rates.get(key) ?? { vatPercent, positions: [] };
    rate.positions.push(position);
    rates.set(key, rate);
  }
  if (rates.size === 0) return total.incl.eq('0') ? [] : [{ vatPercent: impliedRate(total), ...total }];
  const rows = [...rates.values()];
  const sums = rows.map((row) => sumScaled(row.positions.map((p) => p.scaled)));
  const excl = allocate(
    total.excl,
    sums.map((s) => s.excl),
    currency,
  );
  const vat = allocate(
    total.vat,
    sums.map((s) => s.vat),
    currency,
  );
  return rows.map(({ vatPercent }, index) => ({
    vatPercent,
    excl: excl[index]!,
    vat: vat[index]!,
    incl: excl[index]!.plus(vat[index]!),
  }));
}

/** The rate of a minimum price that nothing was bought for. */
function impliedRate(total: Amount): Decimal | null {
  if (total.vat.eq('0')) return null;
  return total.excl.eq('0') ? ZERO : total.vat.times('100').div(total.excl).round(2);
}

/** One row per name and rate, in order of first use. */
function taxTable(
  positions: readonly Position[],
  total: Amount,
  { exact, clamped, currency }: { exact: ExactAmount; clamped: ExactAmount; currency: string },
): TaxRow[] {
  const rows = new Map<string, { tax: Tax; bases: Decimal[] }>();
  for (const { taxes, scaled } of positions) {
    for (const tax of taxes) {
      const key = `${tax.percent.toFixed()} ${tax.name}`;
      const row = rows.get(key) ?? { tax, bases: [] };
      row.bases.push(scaled.excl);
      rows.set(key, row);
    }
  }
  const list = [...rows.values()].map(({ tax, bases }) => ({ tax, base: sumDecimals(bases) }));
  const amounts = allocate(
    total.vat,
    list.map(({ tax, base }) => base.times(tax.percent)),
    currency,
  );
  // A minimum or maximum price changes what the taxes are taken on, too.
  const isClamped = !clamped.excl.eq(exact.excl) && !exact.excl.eq('0');
  const share = (base: Decimal) =>
    isClamped ? inProportion(unscale(base), clamped.excl, exact.excl) : unscale(base);
  return list.map(({ tax, base }, index) => ({
    ...tax,
    base: roundMoney(share(base), currency),
    amount: amounts[index]!,
  }));
}
