/**
 * Why a price was this one and no other: per stretch of a session and dimension the element that counts, and for each
 * element before it why its restrictions did not hold. For disputes, and for whoever writes tariffs.
 */
import type { LocalParts } from '@kilowatch/kernel';
import type { PricingInput } from './pricing.js';
import type { Moment, Range } from './restrictions.js';
import { type Slice, cutIntoSlices } from './slices.js';
import type { Restrictions, Tariff } from './tariff.js';
import {
  type BilledDimension,
  DIMENSIONS,
  type ReservationOutcome,
  candidatesOf,
  findComponent,
} from './uses.js';

export interface Choice {
  readonly start: Date;
  readonly end: Date;
  readonly dimension: BilledDimension;
  readonly tariffId: string;
  /** Null: no element prices it, so it costs nothing. */
  readonly elementIndex: number | null;
  /** In order of the tariff. */
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly elementIndex: number;
  /** Such as `not on SATURDAY`. */
  readonly because: string;
}

/** Neighbouring stretches with the same outcome are one. Throws as `priceSession` does. */
export function explainChoices({ tariffs, timeZone, periods, reservation }: PricingInput): Choice[] {
  const choices: Choice[] = [];
  for (const slice of cutIntoSlices(tariffs, timeZone, periods)) {
    for (const dimension of DIMENSIONS[slice.kind]) {
      const choice = choiceOf(tariffs[slice.tariffIndex]!, slice, dimension, reservation);
      const last = choices.findLast((one) => one.dimension === dimension);
      if (last && continues(last, choice)) choices[choices.indexOf(last)] = { ...last, end: choice.end };
      else choices.push(choice);
    }
  }
  return choices;
}

function continues(last: Choice, next: Choice): boolean {
  const told = ({ tariffId, elementIndex, passedOver }: Choice) =>
    JSON.stringify([tariffId, elementIndex, passedOver]);
  return last.end.getTime() === next.start.getTime() && told(last) === told(next);
}

function choiceOf(
  tariff: Tariff,
  slice: Slice,
  dimension: BilledDimension,
  outcome: ReservationOutcome | undefined,
): Choice {
  const found = findComponent(tariff, dimension, slice.moment, outcome);
  const passedOver: PassedOver[] = [];
  for (const { elementIndex } of candidatesOf(tariff, dimension, outcome)) {
    if (elementIndex === found?.elementIndex) break;
    const because = whyNot(tariff.elements[elementIndex]!.restrictions, slice.moment);
    passedOver.push({ elementIndex, because });
  }
  return {
    start: new Date(slice.start),
    end: new Date(slice.end),
    dimension,
    tariffId: tariff.id,
    elementIndex: found?.elementIndex ?? null,
    passedOver,
  };
}

/** The first restriction that does not hold, in words. */
export function whyNot(r: Restrictions, moment: Moment): string {
  const checks = [
    r.never && 'only for bookings',
    instants(r, moment.atMs),
    beyond(moment.energyMwh, r.minMwh, r.maxMwh, 1_000_000, 'kWh'),
    beyond(moment.sinceStartMs, r.minDurationMs, r.maxDurationMs, 1_000, 's'),
    outside(moment.powerW, r.minPowerW, r.maxPowerW, 'kW'),
    outside(moment.currentMa, r.minCurrentMa, r.maxCurrentMa, 'A'),
    moment.local && localTime(r, moment.local),
  ];
  return checks.find((check) => typeof check === 'string') ?? 'it holds';
}

function instants({ fromMs, untilMs }: Restrictions, atMs: number): string | undefined {
  if (fromMs !== undefined && atMs < fromMs) return `not before ${new Date(fromMs).toISOString()}`;
  if (untilMs !== undefined && atMs >= untilMs) return `not from ${new Date(untilMs).toISOString()} on`;
  return undefined;
}

type Bound = number | undefined;

function beyond(value: number, min: Bound, max: Bound, unit: number, name: string): string | undefined {
  if (min !== undefined && value < min) return `not before ${min / unit} ${name}`;
  if (max !== undefined && value >= max) return `not after ${max / unit} ${name}`;
  return undefined;
}

function outside({ min: low, max: high }: Range, min: Bound, max: Bound, name: string): string | undefined {
  if (min !== undefined && low < min) return `not below ${min / 1000} ${name}: it was ${low / 1000} ${name}`;
  if (max !== undefined && high >= max)
    return `not from ${max / 1000} ${name} on: it was ${high / 1000} ${name}`;
  return undefined;
}

function localTime(r: Restrictions, local: LocalParts): string | undefined {
  if (r.startDate !== undefined && local.date < r.startDate) return `not before ${r.startDate}`;
  if (r.endDate !== undefined && local.date >= r.endDate) return `not from ${r.endDate} on`;
  if (r.daysOfWeek && !r.daysOfWeek.includes(local.weekday)) return `not on ${local.weekday}`;
  if (r.startMinute === undefined && r.endMinute === undefined) return undefined;
  const [start, end] = [r.startMinute ?? 0, r.endMinute ?? 1440];
  const now = local.minuteOfDay;
  const holds = start < end ? now >= start && now < end : now >= start || now < end;
  return holds ? undefined : `only from ${clock(start)} to ${clock(end)}`;
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
