/** The lines of a price: what was used, what was billed after step_size, at which price, explained in one sentence. */
import { type Decimal, decimal, kwhDecimal, mwh } from '@kilowatch/kernel';
import { type Amount, type ScaledAmount, roundScaled, scaledAmountOf, sumScaled } from './amounts.js';
import { type Tariff, type Tax, isPlainVat, unitPriceOf } from './tariff.js';
import { taxWords } from './tax-words.js';
import type { BilledDimension, Use } from './uses.js';

export interface PriceLine {
  /** Which of several tariffs; absent when the session has one. */
  readonly tariffId?: string;
  readonly dimension: BilledDimension;
  readonly elementIndex: number;
  readonly start: Date;
  readonly end: Date;
  /** Billed quantity in `unit`; hours are shown to six decimals. */
  readonly quantity: Decimal;
  readonly unit: 'kWh' | 'h' | 'session';
  /** Measured and billed quantity, exact: mWh, ms, or 1. */
  readonly measuredExact: number;
  readonly billedExact: number;
  /** Before taxes, per `unit`; to six decimals where the tariff has the taxes in its prices. */
  readonly unitPrice: Decimal;
  /** What the tariff says, where it has the taxes in its prices. */
  readonly unitPriceWithTaxes?: Decimal;
  readonly vatPercent: Decimal | null;
  /** Where they are more than VAT: what `vatPercent` is the sum of. */
  readonly taxes?: readonly Tax[];
  readonly excl: Decimal;
  readonly vat: Decimal;
  readonly incl: Decimal;
  /** The energy was split at a price step by interpolation between meter values. */
  readonly interpolated: boolean;
  readonly explanation: string;
}

/** A line before rounding. */
export interface Position {
  readonly line: PriceLine;
  readonly tariffIndex: number;
  readonly taxes: readonly Tax[];
  readonly scaled: ScaledAmount;
}

/** Neighbouring uses of one component become one position; in order of time, flat fees first. */
export function positionsOf(uses: readonly Use[], tariffs: readonly Tariff[]): Position[] {
  const groups: Use[][] = [];
  const open = new Map<BilledDimension, Use[]>();
  for (const use of uses) {
    const group = open.get(use.dimension);
    if (group && continues(group[group.length - 1]!, use)) group.push(use);
    else {
      const started = [use];
      open.set(use.dimension, started);
      groups.push(started);
    }
  }
  return groups.map((group) => positionOf(group, tariffs));
}

function continues(last: Use, next: Use): boolean {
  if (last.tariffIndex !== next.tariffIndex || last.elementIndex !== next.elementIndex) return false;
  return next.dimension === 'ENERGY' || last.end === next.start;
}

/** Where nothing is divided, the amount of the sum is the sum of the amounts to the last digit, at a fraction of the work. */
function scaledOf(group: readonly Use[]): ScaledAmount {
  const first = group[0]!;
  if (first.component.taxIncluded) return sumScaled(group.map(scaledAmountOf));
  const quantity = group.reduce((sum, use) => sum + use.quantity + use.surplus, 0);
  return scaledAmountOf({ ...first, quantity, surplus: 0 });
}

function positionOf(group: readonly Use[], tariffs: readonly Tariff[]): Position {
  const [first, last] = [group[0]!, group[group.length - 1]!];
  const { id, currency, elements } = tariffs[first.tariffIndex]!;
  const { note } = elements[first.elementIndex]!;
  const { price, vatPercent, taxes, taxIncluded } = first.component;
  const scaled = scaledOf(group);
  const amount: Amount = roundScaled(scaled, currency);
  const measured = group.reduce((sum, use) => sum + use.quantity, 0);
  const billed = group.reduce((sum, use) => sum + use.quantity + use.surplus, 0);
  const flat = first.dimension.endsWith('FLAT');
  const interpolated = first.dimension === 'ENERGY' && (first.interpolatedStart || last.interpolatedEnd);
  const exact = { measuredExact: flat ? 1 : measured, billedExact: flat ? 1 : billed };
  return {
    scaled,
    tariffIndex: first.tariffIndex,
    taxes,
    line: {
      ...(tariffs.length > 1 ? { tariffId: id } : {}),
      dimension: first.dimension,
      elementIndex: first.elementIndex,
      start: new Date(first.start),
      end: new Date(last.end),
      ...quantityOf(first.dimension, exact.billedExact),
      ...exact,
      unitPrice: unitPriceOf(first.component).excl,
      ...(taxIncluded ? { unitPriceWithTaxes: price } : {}),
      vatPercent,
      ...(isPlainVat(taxes) ? {} : { taxes }),
      ...amount,
      interpolated,
      explanation: `${explain(first, exact, currency, interpolated)}${note === undefined ? '' : `; ${note}`}`,
    },
  };
}

function quantityOf(dimension: BilledDimension, exact: number): Pick<PriceLine, 'quantity' | 'unit'> {
  if (dimension === 'ENERGY') return { quantity: kwhDecimal(mwh(exact)), unit: 'kWh' };
  if (dimension.endsWith('FLAT')) return { quantity: decimal(1), unit: 'session' };
  return { quantity: decimal(exact).div('3600000').round(6), unit: 'h' };
}

const NAMES: Readonly<Record<BilledDimension, string>> = {
  ENERGY: '',
  TIME: ' charging',
  PARKING_TIME: ' idle',
  RESERVATION_TIME: ' reserved',
  FLAT: 'Session fee',
  RESERVATION_FLAT: 'Reservation fee',
};

function explain(
  use: Use,
  exact: Pick<PriceLine, 'measuredExact' | 'billedExact'>,
  currency: string,
  interpolated: boolean,
): string {
  const { price, taxes, taxIncluded, stepSize } = use.component;
  const vat = taxes.length === 0 ? 'no VAT' : `${taxIncluded ? 'including' : 'plus'} ${taxWords(taxes)}`;
  if (use.dimension.endsWith('FLAT')) return `${NAMES[use.dimension]} ${price.toFixed()} ${currency}, ${vat}`;
  const energy = use.dimension === 'ENERGY';
  const show = (value: number) => (energy ? `${kwhDecimal(mwh(value)).toFixed()} kWh` : duration(value));
  const parts = [`${show(exact.measuredExact)}${NAMES[use.dimension]}`];
  if (exact.billedExact !== exact.measuredExact) {
    parts.push(`, billed as ${show(exact.billedExact)} (steps of ${stepSize} ${energy ? 'Wh' : 's'})`);
  }
  parts.push(` at ${price.toFixed()} ${currency}/${energy ? 'kWh' : 'h'}, ${vat}`);
  if (interpolated) parts.push('; split at the price step by interpolating between meter readings');
  return parts.join('');
}

/** `2 h 15 min`; seconds only where they are not zero. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  return (
    parts
      .filter(([value]) => value > 0)
      .map(([value, unit]) => `${value} ${unit}`)
      .join(' ') || '0 s'
  );
}
