/**
 * What a car made of its schedule (NotifyEVChargingSchedule, OCPP 2.x K15.FR.11 to 13): the station has checked it, and so do we. It fits
 * when it is nowhere above what the car was given. One that does not is refused, and the car is given its schedule again (K16).
 */
import { isDc, phasesOf, WATTS_PER_DA, type ChargingNeeds } from './charging-needs.js';
import { periodDa, type ChargingSchedule } from './charging-schedule.js';
import type { Deciampere } from './plan.js';

export interface CarSchedulePeriod {
  readonly startSeconds: number;
  readonly limit: number;
  readonly numberPhases: number | null;
}

export interface CarSchedule {
  /** Second 0. */
  readonly timeBase: Date;
  readonly unit: 'A' | 'W';
  /** Null: until the end of the session. */
  readonly durationSeconds: number | null;
  readonly periods: readonly CarSchedulePeriod[];
}

/** What the car was given: a schedule, or one limit. */
export interface Given {
  /** By the clock of the station, as the times of the car. */
  readonly startAt: Date;
  readonly schedule: ChargingSchedule | { readonly limitDa: Deciampere };
}

/** Where watts were made of amperes or the reverse, each rounds in its own way. */
const TOLERANCE_DA = { sameUnit: 0.5, otherUnit: 2 } as const;

/** A car that never keeps to it is not told without end. */
const MOST_REFUSALS = 3;

/** `refusals`: with this one. */
export function isToldAgain(refusals: number): boolean {
  return refusals <= MOST_REFUSALS;
}

export function fits(car: CarSchedule, given: Given, needs: ChargingNeeds | null): boolean {
  const unit = 'periods' in given.schedule ? given.schedule.unit : 'A';
  const tolerance = unit === car.unit ? TOLERANCE_DA.sameUnit : TOLERANCE_DA.otherUnit;
  const times = [...timesOf(car), ...timesOf(given)].filter((time) => time >= car.timeBase.getTime());
  const end = car.durationSeconds === null ? Infinity : car.timeBase.getTime() + car.durationSeconds * 1000;
  return times
    .filter((time) => time < end)
    .every((time) => carDa(car, time, needs) <= givenDa(given, time) + tolerance);
}

function timesOf(of: CarSchedule | Given): number[] {
  if ('timeBase' in of)
    return of.periods.map(({ startSeconds }) => of.timeBase.getTime() + startSeconds * 1000);
  if (!('periods' in of.schedule)) return [];
  return of.schedule.periods.map(({ fromSeconds }) => of.startAt.getTime() + fromSeconds * 1000);
}

/** Per phase of the site. */
function carDa({ timeBase, unit, periods }: CarSchedule, time: number, needs: ChargingNeeds | null): number {
  const seconds = (time - timeBase.getTime()) / 1000;
  const period = periods.filter(({ startSeconds }) => startSeconds <= seconds).at(-1);
  if (!period) return 0;
  const { limit, numberPhases } = period;
  if (needs && isDc(needs)) {
    const watts = unit === 'W' ? limit : limit * (needs.maxVoltageV ?? 0);
    return watts / (WATTS_PER_DA * 3);
  }
  if (unit === 'A') return limit * 10;
  return limit / (WATTS_PER_DA * (numberPhases ?? (needs ? phasesOf(needs, 0) : 3)));
}

function givenDa({ startAt, schedule }: Given, time: number): number {
  if (!('periods' in schedule)) return schedule.limitDa;
  const seconds = (time - startAt.getTime()) / 1000;
  const period = schedule.periods.filter(({ fromSeconds }) => fromSeconds <= seconds).at(-1);
  const there = period ?? schedule.periods[0];
  return there ? periodDa(schedule, there) : 0;
}
