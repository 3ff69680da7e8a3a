/** What the tables of price cases are made of. Local time is Amsterdam's unless a case names another zone. */
import { type ComponentDocument, type ElementDocument, component, element } from './pricing.builders.js';
import type { PricingPeriod } from './slices.js';
import type { ReservationOutcome } from './uses.js';

export interface TableCase {
  readonly name: string;
  /** The first prices periods that name none. */
  readonly tariffs: readonly Readonly<Record<string, unknown>>[];
  readonly timeZone: string;
  readonly periods: readonly PricingPeriod[];
  readonly reservation: ReservationOutcome;
  /** The calculation by hand, before taxes and with them: exact, before any rounding. */
  readonly excl: string;
  readonly incl: string;
  /** Name, base and amount of each tax. */
  readonly byTax?: readonly (readonly [name: string, base: string, amount: string])[];
}

export interface CaseParts {
  /** Other fields of the tariff. */
  readonly tariff?: Readonly<Record<string, unknown>>;
  /** Instead of one tariff with `elements`. */
  readonly tariffs?: TableCase['tariffs'];
  readonly elements?: readonly unknown[];
  readonly timeZone?: string;
  readonly periods: readonly PricingPeriod[];
  readonly reservation?: ReservationOutcome;
  readonly excl: string;
  /** As `excl` unless there are taxes. */
  readonly incl?: string;
  readonly byTax?: TableCase['byTax'];
}

export function priced(name: string, parts: CaseParts): TableCase {
  return {
    name,
    tariffs: parts.tariffs ?? [{ id: 'T', currency: 'EUR', ...parts.tariff, elements: parts.elements }],
    timeZone: parts.timeZone ?? 'Europe/Amsterdam',
    periods: parts.periods,
    reservation: parts.reservation ?? 'USED',
    excl: parts.excl,
    incl: parts.incl ?? parts.excl,
    ...(parts.byTax ? { byTax: parts.byTax } : {}),
  };
}

/** Steps of 0, so that quantities are exact unless a case is about steps. */
const exact =
  (type: string) =>
  (price: string, vat?: string, step = 0) =>
    component(type, price, vat, step);
export const energy = exact('ENERGY');
export const time = exact('TIME');
export const parking = exact('PARKING_TIME');
export const flat = exact('FLAT');

/** An element of one price. */
export const at = (one: ComponentDocument, restrictions?: Record<string, unknown>): ElementDocument =>
  element([one], restrictions);

export { element } from './pricing.builders.js';
