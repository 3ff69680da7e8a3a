/**
 * A tariff as billing prices it: OCPI 2.2.1 mod_tariffs (elements, price components, restrictions, min/max price),
 * normalised to exact decimals and whole units, plus our own idle grace. Prices are before VAT.
 */
import type { Decimal, Weekday } from '@kilowatch/kernel';

export type Dimension = 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'FLAT';
export type TariffType = 'AD_HOC_PAYMENT' | 'PROFILE_CHEAP' | 'PROFILE_FAST' | 'PROFILE_GREEN' | 'REGULAR';
export type ReservationRestriction = 'RESERVATION' | 'RESERVATION_EXPIRES';

export interface PriceComponent {
  readonly dimension: Dimension;
  /** Per kWh, per hour, per hour, per session. */
  readonly price: Decimal;
  /** Null: VAT does not apply (OCPI: field absent), which is not the same as 0 %. */
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
  readonly reservation?: ReservationRestriction;
}

export interface TariffElement {
  readonly components: readonly PriceComponent[];
  readonly restrictions: Restrictions;
}

export interface PriceLimit {
  readonly excl: Decimal;
  /** Null: the limit before VAT is carried over in proportion. */
  readonly incl: Decimal | null;
}

export interface Tariff {
  readonly id: string;
  readonly currency: string;
  readonly type: TariffType | null;
  readonly elements: readonly TariffElement[];
  readonly minPrice: PriceLimit | null;
  readonly maxPrice: PriceLimit | null;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  /** Minutes a full car may stay, after its driver was told, before PARKING_TIME is billed. Ours, not OCPI's. */
  readonly idleGraceMinutes: number;
}

/** True when the hour or the day of charging changes the price. */
export function isTimeVariable(tariff: Tariff): boolean {
  return tariff.elements.some(({ restrictions: r }) =>
    [r.startMinute, r.endMinute, r.startDate, r.endDate, r.daysOfWeek].some((part) => part !== undefined),
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
