/**
 * Energy of a transaction from its readings (docs/ocpp-notes.md rule 7): begin and end registers decide, else the first and
 * last plausible register, else the sum of intervals, else the integral of power (estimated). Register resets are segmented (Q36),
 * session-relative samples between lifetime registers recognised (Q36), an end below the begin by rounding bills nothing (Q37).
 * Detected doubts are recorded; a doubt that touches money makes the verdict DISPUTED, and billing waits.
 */
import { CLOCK_OFF_SECONDS, onOurClock } from './device-clock.js';
import {
  byIntegral,
  byIntervals,
  merged,
  roughIntegralMwh,
  takeBack,
  totalOf,
  withMeans,
  type EnergyInterval,
} from './energy-intervals.js';
import type { TimedReading } from './reading.js';
import {
  plausibleMwh,
  registersOf,
  rolledOver,
  ROUNDING_MWH,
  withoutGlitches,
  withoutRelativeSamples,
  type EnergyLimits,
  type Register,
} from './register-series.js';

export type EnergyVerdict = 'MEASURED' | 'ESTIMATED' | 'DISPUTED';

/**
 * Of more readings than are looked at every n-th was taken: what registers come to is the same, a sum of intervals is not. Cut: not even
 * that could be.
 */
export const READINGS_THINNED = 'readings_thinned';
export const READINGS_CUT = 'readings_cut';

/** What the energy was taken from. TRANSACTION: the registers of begin and end; SAMPLES: other registers. */
export type EnergySource = 'TRANSACTION' | 'SAMPLES' | 'INTERVALS' | 'POWER' | 'NONE';

export interface SessionEnergy {
  readonly energyMwh: number;
  readonly verdict: EnergyVerdict;
  readonly source: EnergySource;
  /** What went back to the grid; absent when nothing was measured of it. */
  readonly exportMwh?: number;
  readonly beginMwh?: number;
  readonly endMwh?: number;
  /** Consecutive, without gaps, their energies sum to `energyMwh`. Empty when nothing was measured. */
  readonly intervals: readonly EnergyInterval[];
  readonly deviations: readonly string[];
  readonly maxPowerW: number;
}

/** What a series of steps comes to, before it is compared with anything else. */
interface Counted {
  readonly intervals: readonly EnergyInterval[];
  readonly disputed: boolean;
  readonly source: EnergySource;
  readonly estimated?: boolean;
}

const CONTEXT_ORDER = { BEGIN: 0, PERIODIC: 1, OTHER: 1, END: 2 } as const;
/** Below it, register and power say too little to be compared. */
const LEAST_COMPARED_MWH = 100_000;
/** A thousandth of it is then a fiftieth of what the connector can give, at the least: a car that charges, not one that idles. */
const LEAST_EXCESS_OF_LIE = 20;

/** @param readings of one transaction in any order; duplicates of the same instant and context are harmless */
export function sessionEnergy(readings: readonly TimedReading[], limits: EnergyLimits): SessionEnergy {
  const ordered = onOurClock(readings, limits).sort(byTime);
  const deviations = new Set(ordered.flatMap((reading) => reading.deviations));
  if (Math.abs(limits.clockOffsetSeconds ?? 0) >= CLOCK_OFF_SECONDS) deviations.add('clock_off');
  const own = withoutRelativeSamples(registersOf(ordered, deviations), deviations);
  const registers = withoutGlitches(own, limits, deviations);
  const counted = count(ordered, registers, limits, deviations);
  const energyMwh = totalOf(counted.intervals);
  const lie = !counted.estimated && unitLie(ordered, energyMwh, limits, deviations);
  const exportMwh = exported(ordered, deviations);
  const end = registers.length > 1 ? registers[registers.length - 1] : undefined;
  return {
    energyMwh,
    verdict: verdictOf(counted, lie || isPart(counted, deviations)),
    source: counted.source,
    ...(exportMwh === undefined ? {} : { exportMwh }),
    ...(registers[0] ? { beginMwh: registers[0].mwh } : {}),
    ...(end ? { endMwh: end.mwh } : {}),
    intervals: withMeans(merged(counted.intervals), ordered),
    deviations: [...deviations].sort(),
    maxPowerW: ordered.reduce((most, reading) => Math.max(most, reading.powerW ?? 0), 0),
  };
}

/** What is estimated needs no other doubt, unless what it was estimated from is a part. */
function verdictOf({ estimated, disputed }: Counted, isDoubted: boolean): EnergyVerdict {
  if (isDoubted) return 'DISPUTED';
  if (estimated) return 'ESTIMATED';
  return disputed ? 'DISPUTED' : 'MEASURED';
}

/** Whether energy may be missing because readings were left out. */
function isPart({ source }: Counted, deviations: ReadonlySet<string>): boolean {
  return deviations.has(READINGS_CUT) || (deviations.has(READINGS_THINNED) && source === 'INTERVALS');
}

function count(
  ordered: readonly TimedReading[],
  registers: readonly Register[],
  limits: EnergyLimits,
  deviations: Set<string>,
): Counted {
  if (registers.length >= 2) return countRegisters(registers, limits, deviations);
  const told = byIntervals(ordered, limits.startedAt);
  if (told.length > 0) {
    deviations.add('sum_of_intervals');
    const tooMuch = told.filter(
      ({ from, to, energyMwh }) =>
        energyMwh > plausibleMwh({ at: from, receivedAt: from }, { at: to, receivedAt: to }, limits),
    );
    if (tooMuch.length > 0) deviations.add('energy_above_connector_maximum');
    return { intervals: told, disputed: tooMuch.length > 0, source: 'INTERVALS' };
  }
  deviations.add(ordered.length === 0 ? 'no_readings' : 'no_register');
  const intervals = byIntegral(ordered, deviations);
  const source = intervals.length > 0 ? 'POWER' : 'NONE';
  return { intervals, disputed: false, source, estimated: true };
}

function countRegisters(
  registers: readonly Register[],
  limits: EnergyLimits,
  deviations: Set<string>,
): Counted {
  const intervals: EnergyInterval[] = [];
  let disputed = false;
  for (let i = 1; i < registers.length; i += 1) {
    const before = registers[i - 1]!;
    const after = registers[i]!;
    let energyMwh = after.mwh - before.mwh;
    if (energyMwh < 0 && energyMwh >= -ROUNDING_MWH) {
      deviations.add('register_rounding');
      takeBack(intervals, -energyMwh);
      energyMwh = 0;
    } else if (energyMwh < 0) {
      const passed = rolledOver(before, after, limits);
      deviations.add(passed === undefined ? 'register_reset' : 'register_rollover');
      energyMwh = passed ?? 0;
      disputed = true;
    }
    if (energyMwh > plausibleMwh(before, after, limits)) {
      deviations.add('energy_above_connector_maximum');
      disputed = true;
    }
    const [from, to] = before.at <= after.at ? [before.at, after.at] : [after.at, before.at];
    intervals.push({ from, to, energyMwh });
  }
  const byEnds = registers[0]!.context === 'BEGIN' && registers[registers.length - 1]!.context === 'END';
  return { intervals, disputed, source: byEnds ? 'TRANSACTION' : 'SAMPLES' };
}

/** Registers only rise, so of two readings of one instant (Q40) the lower one is the earlier. */
function byTime(a: TimedReading, b: TimedReading): number {
  return (
    a.at.getTime() - b.at.getTime() ||
    CONTEXT_ORDER[a.context] - CONTEXT_ORDER[b.context] ||
    (a.energyImportMwh ?? 0) - (b.energyImportMwh ?? 0)
  );
}

/**
 * Q34: kWh labelled Wh (or the reverse) shows as a factor of 1000 between register and integral of power, and the reverse as more than
 * the connector can give that a thousandth of explains. What it is likely to be is said; nothing is mended.
 */
function unitLie(
  ordered: readonly TimedReading[],
  energyMwh: number,
  limits: EnergyLimits,
  deviations: Set<string>,
): boolean {
  const first = ordered[0];
  const last = ordered[ordered.length - 1];
  const integral = roughIntegralMwh(ordered);
  if (integral > 0 && (integral >= LEAST_COMPARED_MWH || energyMwh >= LEAST_COMPARED_MWH)) {
    const ratio = energyMwh / integral;
    if (ratio >= 0.01 && ratio <= 100) return false;
    deviations.add('energy_power_mismatch');
    if (ratio > 0.000_3 && ratio < 0.003) deviations.add('kwh_labelled_wh');
    if (ratio > 300 && ratio < 3_000) deviations.add('wh_labelled_kwh');
    return true;
  }
  if (!first || !last || !deviations.has('energy_above_connector_maximum')) return false;
  const most = plausibleMwh(
    { at: first.at, receivedAt: first.receivedAt },
    { at: last.at, receivedAt: last.receivedAt },
    limits,
  );
  const excess = energyMwh / most;
  if (excess > LEAST_EXCESS_OF_LIE && excess <= 1_000) deviations.add('wh_labelled_kwh');
  return false;
}

/** Of the export registers, else of the export intervals. A register that falls begins a new segment, as with imports. */
function exported(ordered: readonly TimedReading[], deviations: Set<string>): number | undefined {
  const registers = ordered.flatMap(({ energyExportMwh }) =>
    energyExportMwh === undefined ? [] : [energyExportMwh],
  );
  if (registers.length > 1) {
    let sum = 0;
    for (let i = 1; i < registers.length; i += 1) {
      const step = registers[i]! - registers[i - 1]!;
      if (step < -ROUNDING_MWH) deviations.add('export_register_reset');
      sum += Math.max(0, step);
    }
    return sum;
  }
  const byInstant = new Map<number, number>();
  for (const { at, exportIntervalMwh, context } of ordered) {
    if (exportIntervalMwh === undefined || context === 'BEGIN') continue;
    byInstant.set(at.getTime(), Math.max(byInstant.get(at.getTime()) ?? 0, exportIntervalMwh));
  }
  if (byInstant.size === 0) return undefined;
  return [...byInstant.values()].reduce((sum, mwh) => sum + mwh, 0);
}
