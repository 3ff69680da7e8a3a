/**
 * Which price component each slice uses: per dimension the first element whose restrictions hold and that prices
 * the dimension (docs/ocpi-notes.md P1). None: the dimension costs nothing. A flat fee is due once per
 * session and element of a tariff. Reservations have FLAT and TIME of their own (P7).
 */
import type { Moment } from './restrictions.js';
import { restrictionsHold } from './restrictions.js';
import type { PeriodKind, Slice } from './slices.js';
import type { Dimension, PriceComponent, ReservationRestriction, Tariff, TariffElement } from './tariff.js';

export type BilledDimension = Dimension | 'RESERVATION_FLAT' | 'RESERVATION_TIME';
export type ReservationOutcome = 'USED' | 'EXPIRED';

/** One component applied to one slice. */
export interface Use {
  readonly dimension: BilledDimension;
  readonly tariffIndex: number;
  readonly elementIndex: number;
  readonly component: PriceComponent;
  readonly start: number;
  readonly end: number;
  /** mWh for ENERGY, ms for times, 1 for flat fees. */
  readonly quantity: number;
  /** Added by step_size; billed on top of `quantity`. */
  readonly surplus: number;
  readonly interpolatedStart: boolean;
  readonly interpolatedEnd: boolean;
}

/** A slice and what it costs; slices with equal `pricedBy` cost the same per unit. */
export interface PricedSlice {
  readonly slice: Slice;
  readonly uses: readonly Use[];
  readonly pricedBy: string;
}

// HELD is time charging, not parking: OCPI total_time - total_parking_time (docs/ocpi-notes.md R4).
export const DIMENSIONS: Readonly<Record<PeriodKind, readonly BilledDimension[]>> = {
  CHARGING: ['FLAT', 'ENERGY', 'TIME'],
  HELD: ['FLAT', 'ENERGY', 'TIME'],
  IDLE: ['FLAT', 'ENERGY', 'PARKING_TIME'],
  GRACE: ['FLAT', 'ENERGY'],
  RESERVED: ['RESERVATION_FLAT', 'RESERVATION_TIME'],
};

export function priceSlices(
  tariffs: readonly Tariff[],
  slices: readonly Slice[],
  outcome: ReservationOutcome,
): PricedSlice[] {
  const flatPaid = new Set<string>();
  return slices.map((slice) => {
    const uses: Use[] = [];
    const chosen: string[] = [];
    const { tariffIndex } = slice;
    for (const dimension of DIMENSIONS[slice.kind]) {
      const found = findComponent(tariffs[tariffIndex]!, dimension, slice.moment, outcome);
      chosen.push(`${dimension}:${found?.elementIndex ?? '-'}`);
      if (!found) continue;
      const quantity = quantityOf(dimension, slice);
      if (quantity === 0 || !isDue(dimension, tariffIndex, found.elementIndex, flatPaid)) continue;
      uses.push({
        dimension,
        tariffIndex,
        ...found,
        start: slice.start,
        end: slice.end,
        quantity,
        surplus: 0,
        interpolatedStart: slice.interpolatedStart,
        interpolatedEnd: slice.interpolatedEnd,
      });
    }
    return { slice, uses, pricedBy: `${tariffIndex} ${chosen.join(' ')}` };
  });
}

interface FoundComponent {
  readonly elementIndex: number;
  readonly component: PriceComponent;
}

/** The component that prices a dimension at a moment; also what a price display asks for. */
export function findComponent(
  tariff: Tariff,
  dimension: BilledDimension,
  moment: Moment,
  outcome: ReservationOutcome = 'USED',
): FoundComponent | undefined {
  for (const candidate of candidatesOf(tariff, dimension, outcome)) {
    if (restrictionsHold(tariff.elements[candidate.elementIndex]!.restrictions, moment)) return candidate;
  }
  return undefined;
}

/** The components that may price a dimension, in the order in which they are asked. */
export function candidatesOf(
  tariff: Tariff,
  dimension: BilledDimension,
  outcome: ReservationOutcome = 'USED',
): readonly FoundComponent[] {
  const known = candidates.get(tariff) ?? new Map<string, readonly FoundComponent[]>();
  candidates.set(tariff, known);
  const key = `${dimension} ${outcome}`;
  const found = known.get(key) ?? findCandidates(tariff, dimension, outcome);
  known.set(key, found);
  return found;
}

/** A tariff does not change, and each slice of each session asks it for each dimension. */
const candidates = new WeakMap<Tariff, Map<string, readonly FoundComponent[]>>();

function findCandidates(
  tariff: Tariff,
  dimension: BilledDimension,
  outcome: ReservationOutcome,
): FoundComponent[] {
  return reservationOrder(dimension, outcome).flatMap((wanted) =>
    tariff.elements.flatMap((element, elementIndex) => {
      if (element.restrictions.reservation !== wanted) return [];
      const component = componentFor(element, dimension);
      return component ? [{ elementIndex, component }] : [];
    }),
  );
}

/** An expired reservation is priced by RESERVATION_EXPIRES where that prices the dimension, else by RESERVATION. */
function reservationOrder(
  dimension: BilledDimension,
  outcome: ReservationOutcome,
): readonly (ReservationRestriction | undefined)[] {
  if (!dimension.startsWith('RESERVATION')) return [undefined];
  return outcome === 'EXPIRED' ? ['RESERVATION_EXPIRES', 'RESERVATION'] : ['RESERVATION'];
}

function componentFor(element: TariffElement, dimension: BilledDimension): PriceComponent | undefined {
  const plain = dimension.replace('RESERVATION_', '');
  return element.components.find((component) => component.dimension === plain);
}

function quantityOf(dimension: BilledDimension, slice: Slice): number {
  if (dimension === 'ENERGY') return slice.energyMwh;
  if (dimension === 'FLAT' || dimension === 'RESERVATION_FLAT') return 1;
  return slice.end - slice.start;
}

function isDue(
  dimension: BilledDimension,
  tariffIndex: number,
  elementIndex: number,
  flatPaid: Set<string>,
): boolean {
  if (dimension !== 'FLAT' && dimension !== 'RESERVATION_FLAT') return true;
  const key = `${dimension}:${tariffIndex}:${elementIndex}`;
  if (flatPaid.has(key)) return false;
  flatPaid.add(key);
  return true;
}
