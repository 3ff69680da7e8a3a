/**
 * Totals of a price. min_price and max_price clamp the session total, before and after VAT each on its own; the
 * costs per component stay as they are (docs/ocpi-notes.md P5). Each figure is rounded once (P6); the VAT table adds up to
 * the total exactly, so that an invoice does.
 */
import { type Decimal, ZERO } from '@kilowatch/kernel';
import { type Amount, allocate, roundedAmount, sumScaled, unscale } from './amounts.js';
import type { Position } from './price-lines.js';
import type { PriceLimit, Tariff } from './tariff.js';

export interface VatRow extends Amount {
  /** Null: VAT does not apply. */
  readonly vatPercent: Decimal | null;
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
  readonly byVatRate: readonly VatRow[];
  readonly components: ComponentTotals;
  readonly adjustment: Adjustment | null;
  readonly exact: ExactTotals;
}

export function totalsOf(tariff: Tariff, positions: readonly Position[]): Totals {
  const { currency } = tariff;
  const exact = exactSum(positions);
  const clamped = clamp(tariff, exact);
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

function clamp(
  tariff: Tariff,
  exact: ExactAmount,
): ExactAmount & { readonly reason: Adjustment['reason'] | null } {
  const raised = limit(exact, tariff.minPrice, (value, bound) => value.lt(bound));
  const lowered = limit(raised, tariff.maxPrice, (value, bound) => value.gt(bound));
  if (lowered !== raised) return { ...lowered, reason: 'MAX_PRICE' };
  return { ...raised, reason: raised === exact ? null : 'MIN_PRICE' };
}

/** Returns `exact` itself when neither figure is beyond the limit. */
function limit(
  exact: ExactAmount,
  bound: PriceLimit | null,
  isBeyond: (v: Decimal, b: Decimal) => boolean,
): ExactAmount {
  if (!bound) return exact;
  const exclBeyond = isBeyond(exact.excl, bound.excl);
  const inclBound = bound.incl ?? (exclBeyond ? inProportion(exact, bound.excl) : null);
  const inclBeyond = inclBound !== null && isBeyond(exact.incl, inclBound);
  if (!exclBeyond && !inclBeyond) return exact;
  return { excl: exclBeyond ? bound.excl : exact.excl, incl: inclBeyond ? inclBound : exact.incl };
}

function inProportion(exact: ExactAmount, excl: Decimal): Decimal {
  return exact.excl.eq('0') ? excl : exact.incl.times(excl).div(exact.excl);
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
