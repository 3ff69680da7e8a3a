/**
 * When a car reaches a state of charge or an energy: the power it takes from here on, step by step over its state of charge. That is the
 * least of what it takes now, what is offered, and what cars (or this one, as its earlier sessions show) take at that state of charge.
 */
import type { CurvePoint } from './power-curve.js';
import type { TimedReading } from './reading.js';

/** What earlier sessions tell of a car. */
export interface CarCurve {
  /** Energy for the whole of its battery, as the charger measures it, mWh. */
  readonly capacityMwh: number | undefined;
  /** What it took in the best of them, W, by twentieths of its state of charge; undefined where it was not seen. */
  readonly powerW: readonly (number | undefined)[];
}

export interface ForecastTarget {
  /** Percent. */
  readonly soc?: number;
  /** Of the session since its begin. */
  readonly energyMwh?: number;
}

export interface SocPoint extends CurvePoint {
  readonly socPercent?: number;
}

export const UNKNOWN_CAR: CarCurve = { capacityMwh: undefined, powerW: [] };

const BIN_PERCENT = 5;
/** What cars take at most, in batteries an hour, by state of charge: between these, on a line. From published curves of 400 V cars. */
const ABILITY: readonly (readonly [soc: number, perHour: number])[] = [
  [0, 1.5],
  [30, 1.5],
  [50, 1.2],
  [70, 0.85],
  [80, 0.6],
  [90, 0.33],
  [96, 0.17],
  [100, 0.06],
];
/** A car that takes so much of what is thought of it is at its own limit, and the same part of it later. */
const AT_LIMIT = 0.7;
const WINDOW_MS = 15 * 60_000;
const RECENT_MS = 5 * 60_000;
/** Less movement than this says nothing about pace or capacity. */
const LEAST_GAIN_PERCENT = 0.5;
const LEAST_GAIN_FOR_CAPACITY = 3;
/** No battery of a road vehicle is smaller or larger, mWh. */
const CAPACITIES = [5_000_000, 1_500_000_000] as const;
const LONGEST_MS = 7 * 86_400_000;
const LEAST_POWER_W = 100;

/** Undefined when it cannot be told, or the target is reached. @param readings of the session so far, in time order */
export function estimateAt(
  readings: readonly TimedReading[],
  target: ForecastTarget,
  car: CarCurve = UNKNOWN_CAR,
): Date | undefined {
  const last = readings[readings.length - 1];
  const powerW = powerNow(readings);
  if (!last || powerW === undefined) return byPace(readings, target);
  const known = readings.filter(({ socPercent }) => socPercent !== undefined);
  const soc = known[known.length - 1]?.socPercent;
  const capacityMwh = car.capacityMwh ?? capacityOf(readings);
  if (target.energyMwh !== undefined) {
    const missing = target.energyMwh - energySoFar(readings);
    if (missing <= 0) return undefined;
    if (soc === undefined || capacityMwh === undefined)
      return after(last.at, (missing / 1000 / powerW) * 3_600_000);
    const end = soc + (missing / capacityMwh) * 100;
    return end > 100 ? undefined : timed(last.at, soc, end, capacityMwh, powerW, car);
  }
  const wanted = target.soc ?? 100;
  if (soc === undefined || soc >= wanted) return undefined;
  if (capacityMwh === undefined) return byPace(readings, target);
  return timed(known[known.length - 1]!.at, soc, wanted, capacityMwh, powerW, car);
}

function timed(
  at: Date,
  from: number,
  to: number,
  capacityMwh: number,
  powerW: number,
  car: CarCurve,
): Date | undefined {
  return after(at, chargingMs(from, to, capacityMwh, powerW, car));
}

/** How long a car takes from one state of charge to another when it takes, or is given, `powerW` at the first. */
export function chargingMs(
  from: number,
  to: number,
  capacityMwh: number,
  powerW: number,
  car: CarCurve = UNKNOWN_CAR,
): number {
  const ability = abilityOf(car, capacityMwh);
  const atFirst = ability(from);
  const scale = powerW >= atFirst * AT_LIMIT ? powerW / atFirst : 1;
  let ms = 0;
  for (let soc = from; soc < to; soc = Math.min(to, Math.floor(soc) + 1)) {
    const next = Math.min(to, Math.floor(soc) + 1);
    const takes = Math.max(LEAST_POWER_W, Math.min(powerW, ability((soc + next) / 2) * scale));
    ms += ((((next - soc) / 100) * capacityMwh) / 1000 / takes) * 3_600_000;
  }
  return ms;
}

function abilityOf(car: CarCurve, capacityMwh: number): (soc: number) => number {
  return (soc) => {
    const general = perHourAt(soc) * (capacityMwh / 1000);
    const seen = car.powerW[binOf(soc)];
    if (seen !== undefined) return seen;
    // Where it was not seen, it is to what cars do as it was where it was seen last.
    const below = lastSeen(car, binOf(soc));
    return below
      ? general * Math.min(1.5, below.powerW / (perHourAt(below.soc) * (capacityMwh / 1000)))
      : general;
  };
}

function lastSeen(car: CarCurve, bin: number): { soc: number; powerW: number } | undefined {
  for (let i = Math.min(bin, car.powerW.length) - 1; i >= 0; i -= 1) {
    const powerW = car.powerW[i];
    if (powerW !== undefined) return { soc: (i + 0.5) * BIN_PERCENT, powerW };
  }
  return undefined;
}

function perHourAt(soc: number): number {
  for (let i = 1; i < ABILITY.length; i += 1) {
    const [a, low] = ABILITY[i - 1]!;
    const [b, high] = ABILITY[i]!;
    if (soc <= b) return low + ((high - low) * (soc - a)) / (b - a);
  }
  return ABILITY[ABILITY.length - 1]![1];
}

const binOf = (soc: number) => Math.min(100 / BIN_PERCENT - 1, Math.max(0, Math.floor(soc / BIN_PERCENT)));

/**
 * What the curves of its earlier sessions tell of a car. A power that falls while the charge rises is the car's own doing, and so is the most
 * that was ever seen; what was held back by a limit only makes it look slower, which the largest of several sessions mends.
 */
export function learnCar(sessions: readonly (readonly SocPoint[])[]): CarCurve {
  const powerW: (number | undefined)[] = [];
  const capacities: number[] = [];
  for (const points of sessions) {
    const capacity = capacityOf(points);
    if (capacity !== undefined) capacities.push(capacity);
    for (const [bin, mean] of meansOf(points)) powerW[bin] = Math.max(powerW[bin] ?? 0, mean);
  }
  capacities.sort((a, b) => a - b);
  return { capacityMwh: capacities[Math.floor(capacities.length / 2)], powerW };
}

/** By twentieths of the state of charge; those that were not seen are missing. */
function meansOf(points: readonly SocPoint[]): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { socPercent, powerW } of points) {
    if (socPercent === undefined || powerW === undefined || powerW < LEAST_POWER_W) continue;
    const { sum, count } = sums.get(binOf(socPercent)) ?? { sum: 0, count: 0 };
    sums.set(binOf(socPercent), { sum: sum + powerW, count: count + 1 });
  }
  return new Map([...sums].map(([bin, { sum, count }]) => [bin, sum / count]));
}

/** From what was charged while the state of charge rose; undefined when that was too little to tell. */
function capacityOf(points: readonly SocPoint[]): number | undefined {
  const both = points.filter(
    ({ socPercent, energyImportMwh }) => socPercent !== undefined && energyImportMwh !== undefined,
  );
  const [first, last] = [both[0], both[both.length - 1]];
  if (!first || !last) return undefined;
  const gained = last.socPercent! - first.socPercent!;
  if (gained < LEAST_GAIN_FOR_CAPACITY) return undefined;
  const capacity = ((last.energyImportMwh! - first.energyImportMwh!) / gained) * 100;
  return capacity >= CAPACITIES[0] && capacity <= CAPACITIES[1] ? capacity : undefined;
}

/** Mean of the last minutes, or what is offered from now on when that is less; undefined when nothing is drawn. */
function powerNow(readings: readonly TimedReading[]): number | undefined {
  const powered = readings.filter(({ powerW }) => powerW !== undefined);
  const last = powered[powered.length - 1];
  if (!last) return undefined;
  const recent = powered.filter(({ at }) => at.getTime() > last.at.getTime() - RECENT_MS);
  const mean = recent.reduce((sum, { powerW = 0 }) => sum + powerW, 0) / recent.length;
  const { offeredCurrentMa: offered, currentMa: drawn, powerW = 0 } = last;
  const limit =
    offered !== undefined && drawn !== undefined && drawn > 0 && offered < drawn
      ? (powerW * offered) / drawn
      : Number.POSITIVE_INFINITY;
  const watts = Math.min(mean, limit);
  return watts >= LEAST_POWER_W ? watts : undefined;
}

function energySoFar(readings: readonly TimedReading[]): number {
  const registers = readings.flatMap(({ energyImportMwh }) =>
    energyImportMwh === undefined ? [] : [energyImportMwh],
  );
  return registers.length === 0 ? 0 : Math.max(0, registers[registers.length - 1]! - registers[0]!);
}

/** By how the state of charge rose lately, half as fast in the last fifth: all that can be said without power or capacity. */
function byPace(readings: readonly TimedReading[], { soc: wanted }: ForecastTarget): Date | undefined {
  if (wanted === undefined) return undefined;
  const known = readings.filter(({ socPercent }) => socPercent !== undefined);
  const last = known[known.length - 1];
  if (last?.socPercent === undefined || last.socPercent >= wanted) return undefined;
  const since = last.at.getTime() - WINDOW_MS;
  const first = known.find(({ at }) => at.getTime() >= since) ?? last;
  const gained = last.socPercent - (first.socPercent ?? last.socPercent);
  const elapsed = last.at.getTime() - first.at.getTime();
  if (gained < LEAST_GAIN_PERCENT || elapsed <= 0) return undefined;
  const plain = Math.max(0, Math.min(80, wanted) - last.socPercent);
  const tapered = Math.max(0, wanted - Math.max(80, last.socPercent));
  return after(last.at, ((plain + tapered * 2) * elapsed) / gained);
}

function after(at: Date, ms: number): Date | undefined {
  return Number.isFinite(ms) && ms <= LONGEST_MS ? new Date(at.getTime() + Math.round(ms)) : undefined;
}
