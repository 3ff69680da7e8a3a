/**
 * Energy of a transaction from its readings (docs/ocpp-notes.md rule 7): begin and end registers decide, else the first and
 * last plausible register, else the integral of power (estimated). Register resets are segmented (Q36), session-relative
 * samples between lifetime registers recognised (Q36), an end below the begin by rounding bills nothing (Q37).
 * Detected doubts are recorded; a doubt that touches money makes the verdict DISPUTED, and billing waits.
 */
import type { NormalisedReading } from './reading.js';

export type EnergyVerdict = 'MEASURED' | 'ESTIMATED' | 'DISPUTED';

export interface TimedReading extends NormalisedReading {
  /** By the charger's clock. */
  readonly at: Date;
  /** By ours. */
  readonly receivedAt?: Date;
}

export interface EnergyInterval {
  readonly from: Date;
  readonly to: Date;
  readonly energyMwh: number;
}

export interface SessionEnergy {
  readonly energyMwh: number;
  readonly verdict: EnergyVerdict;
  readonly beginMwh?: number;
  readonly endMwh?: number;
  /** Consecutive, without gaps, their energies sum to `energyMwh`. Empty when nothing was measured. */
  readonly intervals: readonly EnergyInterval[];
  readonly deviations: readonly string[];
  readonly maxPowerW: number;
}

export interface EnergyLimits {
  /** What the connector can give at most, W; 0 = unknown. */
  readonly maxPowerW: number;
}

interface Register {
  readonly at: Date;
  readonly receivedAt: Date | undefined;
  readonly mwh: number;
  readonly context: NormalisedReading['context'];
}

/** 1 Wh: what rounding of a register may take back (Q37, seen as 1 Wh on Huawei stations). */
const ROUNDING_MWH = 1_000;
/** Energy above what the connector can give times this is a unit lie or a jump, not charging. */
const PLAUSIBLE_EXCESS = 1.2;
/** More would not fit into an event; a day then has a step every 43 seconds. */
const MOST_INTERVALS = 2_000;
const CONTEXT_ORDER = { BEGIN: 0, PERIODIC: 1, OTHER: 1, END: 2 } as const;

/** @param readings of one transaction in any order; duplicates of the same instant and context are harmless */
export function sessionEnergy(readings: readonly TimedReading[], limits: EnergyLimits): SessionEnergy {
  const ordered = [...readings].sort(byTime);
  const deviations = new Set(ordered.flatMap((reading) => reading.deviations));
  const maxPowerW = ordered.reduce((most, reading) => Math.max(most, reading.powerW ?? 0), 0);
  const registers = withoutRelativeSamples(registersOf(ordered, deviations), deviations);
  if (registers.length < 2) return estimated(ordered, registers, deviations, maxPowerW);

  const intervals: EnergyInterval[] = [];
  let disputed = false;
  for (let i = 1; i < registers.length; i += 1) {
    const before = registers[i - 1]!;
    const after = registers[i]!;
    let energyMwh = after.mwh - before.mwh;
    if (energyMwh < 0) {
      if (energyMwh >= -ROUNDING_MWH) {
        deviations.add('register_rounding');
        takeBack(intervals, -energyMwh);
      } else {
        deviations.add('register_reset');
        disputed = true;
      }
      energyMwh = 0;
    }
    if (energyMwh > plausible(before, after, limits)) {
      deviations.add('energy_above_connector_maximum');
      disputed = true;
    }
    const [from, to] = before.at <= after.at ? [before.at, after.at] : [after.at, before.at];
    intervals.push({ from, to, energyMwh });
  }
  const energyMwh = intervals.reduce((sum, interval) => sum + interval.energyMwh, 0);
  if (disagreesWithPower(ordered, energyMwh)) {
    deviations.add('energy_power_mismatch');
    disputed = true;
  }
  return {
    energyMwh,
    verdict: disputed ? 'DISPUTED' : 'MEASURED',
    beginMwh: registers[0]!.mwh,
    endMwh: registers[registers.length - 1]!.mwh,
    intervals: merged(intervals),
    deviations: [...deviations].sort(),
    maxPowerW,
  };
}

/** A coarser register that follows a finer one (12.22, then 12) is the later word: what was too much goes from the end. */
function takeBack(intervals: EnergyInterval[], excessMwh: number): void {
  let left = excessMwh;
  for (let i = intervals.length - 1; i >= 0 && left > 0; i -= 1) {
    const taken = Math.min(left, intervals[i]!.energyMwh);
    intervals[i] = { ...intervals[i]!, energyMwh: intervals[i]!.energyMwh - taken };
    left -= taken;
  }
}

/** Registers only rise, so of two readings of one instant (Q40) the lower one is the earlier. */
function byTime(a: TimedReading, b: TimedReading): number {
  return (
    a.at.getTime() - b.at.getTime() ||
    CONTEXT_ORDER[a.context] - CONTEXT_ORDER[b.context] ||
    (a.energyImportMwh ?? 0) - (b.energyImportMwh ?? 0)
  );
}

/** Registers between the transaction's begin and end; what lies outside of them is not this session's. */
function registersOf(ordered: readonly TimedReading[], deviations: Set<string>): Register[] {
  const all = ordered.flatMap(({ at, receivedAt, context, energyImportMwh }): Register[] =>
    energyImportMwh === undefined ? [] : [{ at, receivedAt, context, mwh: energyImportMwh }],
  );
  const begin = all.find((register) => register.context === 'BEGIN');
  const end = endOf(all, deviations);
  if (begin && end && end.at < begin.at) {
    // The clock was set back in between: times say nothing about what lies between, begin and end still decide.
    deviations.add('clock_set_back');
    return [begin, end];
  }
  return all.filter(
    (register) =>
      (!begin || register === begin || (register.at >= begin.at && register.context !== 'BEGIN')) &&
      (!end || register === end || (register.at <= end.at && register.context !== 'END')),
  );
}

/** The station's first word about the end stands (docs/ocpp-notes.md rule 4): a stop that is told again changes nothing. */
function endOf(ordered: readonly Register[], deviations: Set<string>): Register | undefined {
  const ends = ordered.filter(({ context }) => context === 'END');
  const told = (register: Register) => register.receivedAt?.getTime() ?? 0;
  const first = Math.min(...ends.map(told));
  const end = ends.findLast((register) => told(register) === first);
  if (ends.some((other) => told(other) !== first && other.mwh !== end?.mwh)) deviations.add('end_told_again');
  return end;
}

/** Q36: lifetime registers at start and stop, samples in between counted from the session's start. */
function withoutRelativeSamples(registers: readonly Register[], deviations: Set<string>): Register[] {
  const begin = registers[0];
  const end = registers[registers.length - 1];
  if (!begin || !end || registers.length < 3 || begin.context !== 'BEGIN') return [...registers];
  const closed = end.context === 'END';
  const between = registers.slice(1, closed ? -1 : undefined);
  const total = closed ? end.mwh - begin.mwh : Number.POSITIVE_INFINITY;
  const relative =
    begin.mwh > ROUNDING_MWH &&
    total >= 0 &&
    between.every((register) => register.mwh < begin.mwh && register.mwh <= total + ROUNDING_MWH) &&
    between.every((register, i) => i === 0 || register.mwh >= between[i - 1]!.mwh) &&
    (between[0]!.mwh <= ROUNDING_MWH || closed);
  if (!relative) return [...registers];
  deviations.add('session_relative_samples');
  const lifted = between.map((register) => ({ ...register, mwh: register.mwh + begin.mwh }));
  return closed ? [begin, ...lifted, end] : [begin, ...lifted];
}

function plausible(before: Register, after: Register, limits: EnergyLimits): number {
  if (limits.maxPowerW <= 0) return Number.POSITIVE_INFINITY;
  const between = (from: Date | undefined, to: Date | undefined) =>
    from && to ? (to.getTime() - from.getTime()) / 1000 : 0;
  const byDevice = between(before.at, after.at);
  const seconds = Math.max(60, byDevice >= 0 ? byDevice : between(before.receivedAt, after.receivedAt));
  return (limits.maxPowerW * PLAUSIBLE_EXCESS * seconds * 1000) / 3600;
}

/** Q34: kWh labelled Wh (or the reverse) shows as a factor of 1000 between register and integral of power. */
function disagreesWithPower(ordered: readonly TimedReading[], energyMwh: number): boolean {
  const { energyMwh: integral } = integrate(ordered);
  if (integral < 100_000 && energyMwh < 100_000) return false;
  if (integral === 0) return false;
  const ratio = energyMwh / integral;
  return ratio > 100 || ratio < 0.01;
}

function integrate(ordered: readonly TimedReading[]): { energyMwh: number; intervals: EnergyInterval[] } {
  const powered = ordered.filter((reading) => reading.powerW !== undefined);
  const intervals: EnergyInterval[] = [];
  for (let i = 1; i < powered.length; i += 1) {
    const before = powered[i - 1]!;
    const after = powered[i]!;
    const hours = (after.at.getTime() - before.at.getTime()) / 3_600_000;
    const meanW = Math.max(0, ((before.powerW ?? 0) + (after.powerW ?? 0)) / 2);
    intervals.push({ from: before.at, to: after.at, energyMwh: Math.round(meanW * hours * 1000) });
  }
  return { energyMwh: intervals.reduce((sum, interval) => sum + interval.energyMwh, 0), intervals };
}

function estimated(
  ordered: readonly TimedReading[],
  registers: readonly Register[],
  deviations: Set<string>,
  maxPowerW: number,
): SessionEnergy {
  const { energyMwh, intervals } = integrate(ordered);
  deviations.add(ordered.length === 0 ? 'no_readings' : 'no_register');
  return {
    energyMwh,
    verdict: 'ESTIMATED',
    ...(registers[0] ? { beginMwh: registers[0].mwh } : {}),
    intervals: merged(intervals),
    deviations: [...deviations].sort(),
    maxPowerW,
  };
}

/** Readings of one instant make intervals of no length: their energy goes to the neighbour before (or after). */
function merged(intervals: readonly EnergyInterval[]): EnergyInterval[] {
  const result: EnergyInterval[] = [];
  let carried = 0;
  for (const interval of intervals) {
    if (interval.from.getTime() === interval.to.getTime()) {
      const last = result.pop();
      if (last) result.push({ ...last, energyMwh: last.energyMwh + interval.energyMwh });
      else carried += interval.energyMwh;
    } else {
      result.push({ ...interval, energyMwh: interval.energyMwh + carried });
      carried = 0;
    }
  }
  if (carried > 0 && intervals[0]) result.push({ ...intervals[0], energyMwh: carried });
  return thinned(result);
}

/** Neighbours joined until there are few enough. */
function thinned(intervals: readonly EnergyInterval[]): EnergyInterval[] {
  const size = Math.ceil(intervals.length / MOST_INTERVALS);
  if (size <= 1) return [...intervals];
  const result: EnergyInterval[] = [];
  for (let i = 0; i < intervals.length; i += size) {
    const group = intervals.slice(i, i + size);
    result.push({
      from: group[0]!.from,
      to: group[group.length - 1]!.to,
      energyMwh: group.reduce((sum, interval) => sum + interval.energyMwh, 0),
    });
  }
  return result;
}
