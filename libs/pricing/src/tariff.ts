/**
 * A tariff as it is priced: OCPI 2.2.1 and 2.3.0 mod_tariffs (elements, price components, restrictions, min/max price,
 * tax_included), normalised to exact decimals and whole units, plus our own idle grace and several taxes a component.
 */
import { type Decimal, type Weekday, sumDecimals } from '@kilowatch/kernel';

export type Dimension = 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'FLAT';
export type TariffType = 'AD_HOC_PAYMENT' | 'PROFILE_CHEAP' | 'PROFILE_FAST' | 'PROFILE_GREEN' | 'REGULAR';
export type ReservationRestriction = 'RESERVATION' | 'RESERVATION_EXPIRES';

/** OCPI 2.3.0: are the taxes in the prices? NA: none apply. 2.2.1 has no such field and means NO. */
export type TaxIncluded = 'YES' | 'NO' | 'NA';

/** A percentage of the price before taxes; one tax is never taken on another. */
export interface Tax {
  readonly name: string;
  readonly percent: Decimal;
}

/** The name of the one tax that OCPI's field `vat` gives. */
export const VAT = 'VAT';

export interface PriceComponent {
  readonly dimension: Dimension;
  /** Per kWh, per hour, per hour, per session; below zero the driver is paid. */
  readonly price: Decimal;
  /** The price is with its taxes. */
  readonly taxIncluded: boolean;
  readonly taxes: readonly Tax[];
  /** All taxes as one. Null: none applies (OCPI: field absent), which is not the same as 0 %. */
  readonly vatPercent: Decimal | null;
  /** Wh for ENERGY, seconds for TIME and PARKING_TIME; 0 bills the exact quantity. */
  readonly stepSize: number;
}

/** All given restrictions must hold. Lower bounds are inclusive, upper bounds exclusive. */
export interface Restrictions {
  /** Minutes of the local day, 0..1439; start > end wraps over midnight. */
  readonly startMinute?: number;
  /** 1..1440. */
  readonly endMinute?: number;
  /** Local dates `YYYY-MM-DD`. */
  readonly startDate?: string;
  readonly endDate?: string;
  readonly daysOfWeek?: readonly Weekday[];
  /** Instants, milliseconds since 1970. Ours, not OCPI's: an hour that the clock shows twice has two of them (docs/adr/0019). */
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly minMwh?: number;
  readonly maxMwh?: number;
  /** Sum of the phases. */
  readonly minCurrentMa?: number;
  readonly maxCurrentMa?: number;
  readonly minPowerW?: number;
  readonly maxPowerW?: number;
  /** Since the start of the session. */
  readonly minDurationMs?: number;
  readonly maxDurationMs?: number;
  /** Restricted to something that no session of ours is, such as a booking (OCPI 2.3.0). */
  readonly never?: true;
  readonly reservation?: ReservationRestriction;
}

export interface TariffElement {
  readonly components: readonly PriceComponent[];
  readonly restrictions: Restrictions;
  /** What is to be said of this price on a bill. Ours, not OCPI's. */
  readonly note?: string;
}

export interface PriceLimit {
  readonly excl: Decimal;
  /** Null: the limit before VAT is carried over in proportion. */
  readonly incl: Decimal | null;
}

export interface Tariff {
  readonly id: string;
  readonly currency: string;
  readonly taxIncluded: TaxIncluded;
  readonly type: TariffType | null;
  readonly elements: readonly TariffElement[];
  readonly minPrice: PriceLimit | null;
  readonly maxPrice: PriceLimit | null;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  /** Its owner lets a session come to less than nothing, which is then paid out. Ours, not OCPI's (docs/adr/0020). */
  readonly negativeTotal: boolean;
  /** Minutes a full car may stay, after its driver was told, before PARKING_TIME is billed. Ours, not OCPI's. */
  readonly idleGraceMinutes: number;
}

/** True when the hour or the day of charging changes the price. */
export function isTimeVariable(tariff: Tariff): boolean {
  return tariff.elements.some(({ restrictions: r }) =>
    [r.startMinute, r.endMinute, r.startDate, r.endDate, r.daysOfWeek, r.fromMs, r.untilMs].some(
      (part) => part !== undefined,
    ),
  );
}

/** True when the course of the session (energy, duration, power, current) changes the price. */
export function isConditional(tariff: Tariff): boolean {
  return tariff.elements.some(({ restrictions: r }) =>
    [
      r.minMwh,
      r.maxMwh,
      r.minCurrentMa,
      r.maxCurrentMa,
      r.minPowerW,
      r.maxPowerW,
      r.minDurationMs,
      r.maxDurationMs,
    ].some((part) => part !== undefined),
  );
}

/** OCPI: valid from start_date_time (inclusive) until end_date_time (exclusive). */
export function isValidAt(tariff: Tariff, at: Date): boolean {
  return (
    (tariff.validFrom === null || tariff.validFrom <= at) &&
    (tariff.validUntil === null || at < tariff.validUntil)
  );
}

/** All taxes of a component as one percentage; null when there is none. */
export function combinedPercent(taxes: readonly Tax[]): Decimal | null {
  return taxes.length === 0 ? null : sumDecimals(taxes.map((tax) => tax.percent));
}

/** Whether the one figure `vatPercent` says all about the taxes: none, or the one that OCPI calls `vat`. */
export function isPlainVat(taxes: readonly Tax[]): boolean {
  return taxes.length === 0 || (taxes.length === 1 && taxes[0]!.name === VAT);
}

/** A price per unit as people are told it: six decimals where taking the taxes out leaves more. */
export interface UnitPrice {
  readonly excl: Decimal;
  readonly incl: Decimal;
  readonly vatPercent: Decimal | null;
}

export function unitPriceOf({ price, taxIncluded, vatPercent }: PriceComponent): UnitPrice {
  if (vatPercent === null) return { excl: price, incl: price, vatPercent };
  const rate = vatPercent.times('0.01');
  if (taxIncluded) return { excl: price.div(rate.plus('1')).round(6), incl: price, vatPercent };
  return { excl: price, incl: price.plus(price.times(rate)), vatPercent };
}
