/** The energy of a transaction over time: consecutive intervals, from registers, from the station's own intervals, or from power. */
import type { TimedReading } from './reading.js';

export interface EnergyInterval {
  readonly from: Date;
  readonly to: Date;
  readonly energyMwh: number;
  /** Means of what was measured within; absent when nothing was. The current is the sum of the phases. */
  readonly powerW?: number;
  readonly currentMa?: number;
}

/** More would not fit into an event; a day then has a step every 43 seconds. */
const MOST_INTERVALS = 2_000;
/** Power that was not measured for so long is not known: nobody is billed for a guess of hours. */
const LONGEST_GAP_MS = 3_600_000;

export function totalOf(intervals: readonly EnergyInterval[]): number {
  return intervals.reduce((sum, interval) => sum + interval.energyMwh, 0);
}

/** A coarser register that follows a finer one (12.22, then 12) is the later word: what was too much goes from the end. */
export function takeBack(intervals: EnergyInterval[], excessMwh: number): void {
  let left = excessMwh;
  for (let i = intervals.length - 1; i >= 0 && left > 0; i -= 1) {
    const taken = Math.min(left, intervals[i]!.energyMwh);
    intervals[i] = { ...intervals[i]!, energyMwh: intervals[i]!.energyMwh - taken };
    left -= taken;
  }
}

/**
 * What the station says passed between its samples; empty when it says nothing. Its own samples before clock-aligned ones, which lie
 * across them. Several readings of one instant tell of the same interval.
 */
export function byIntervals(ordered: readonly TimedReading[], startedAt: Date | undefined): EnergyInterval[] {
  const own = ordered.some((reading) => reading.energyIntervalMwh !== undefined);
  const figure = own ? 'energyIntervalMwh' : 'clockIntervalMwh';
  const result: EnergyInterval[] = [];
  let from = startedAt;
  for (const reading of ordered) {
    const told = reading[figure];
    if (told === undefined || reading.context === 'BEGIN') {
      if (reading.context === 'BEGIN') from = reading.at;
      continue;
    }
    const energyMwh = Math.max(0, told);
    const last = result[result.length - 1];
    if (last?.to.getTime() === reading.at.getTime())
      result[result.length - 1] = { ...last, energyMwh: Math.max(last.energyMwh, energyMwh) };
    else result.push({ from: from && from < reading.at ? from : reading.at, to: reading.at, energyMwh });
    from = reading.at;
  }
  return result;
}

/** The integral of power between its samples. */
export function byIntegral(ordered: readonly TimedReading[], deviations: Set<string>): EnergyInterval[] {
  const powered = ordered.filter((reading) => reading.powerW !== undefined);
  return integrated(powered, (reading) => reading.powerW ?? 0, LONGEST_GAP_MS, deviations);
}

/**
 * The integral of what power can be told by, to compare registers with: power itself, else current times voltage of one phase (a third
 * of the power at the least, which is near enough to see a factor of a thousand). However rare the readings are: registers count in the
 * gaps too, and a gap taken for nothing would make a lie of them.
 */
export function roughIntegralMwh(ordered: readonly TimedReading[]): number {
  const powered = ordered.filter((reading) => reading.powerW !== undefined);
  if (powered.length > 1) return totalOf(integrated(powered, (reading) => reading.powerW ?? 0, Infinity));
  const driven = ordered.filter(
    (reading) => reading.currentMa !== undefined && reading.voltageMv !== undefined,
  );
  return totalOf(
    integrated(
      driven,
      ({ currentMa = 0, voltageMv = 0 }) => (currentMa / 1000) * (voltageMv / 1000),
      Infinity,
    ),
  );
}

function integrated(
  known: readonly TimedReading[],
  wattsOf: (reading: TimedReading) => number,
  longestGapMs: number,
  deviations?: Set<string>,
): EnergyInterval[] {
  const intervals: EnergyInterval[] = [];
  for (let i = 1; i < known.length; i += 1) {
    const before = known[i - 1]!;
    const after = known[i]!;
    const ms = after.at.getTime() - before.at.getTime();
    if (ms > longestGapMs) deviations?.add('power_gap');
    const meanW = ms > longestGapMs ? 0 : Math.max(0, (wattsOf(before) + wattsOf(after)) / 2);
    intervals.push({
      from: before.at,
      to: after.at,
      energyMwh: Math.round((meanW * ms) / 3_600),
    });
  }
  return intervals;
}

/** Readings of one instant make intervals of no length: their energy goes to the neighbour before (or after). */
export function merged(intervals: readonly EnergyInterval[]): EnergyInterval[] {
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
    result.push({ from: group[0]!.from, to: group[group.length - 1]!.to, energyMwh: totalOf(group) });
  }
  return result;
}

/** With the means of the power and the current that were measured in each: prices may depend on them. */
export function withMeans(
  intervals: readonly EnergyInterval[],
  ordered: readonly TimedReading[],
): EnergyInterval[] {
  let next = 0;
  return intervals.map((interval) => {
    let [powers, sumW, currents, sumMa] = [0, 0, 0, 0];
    while (next < ordered.length && ordered[next]!.at <= interval.to) {
      const { at, powerW } = ordered[next]!;
      const currentMa = allPhasesMa(ordered[next]!);
      next += 1;
      if (at < interval.from) continue;
      if (powerW !== undefined) [powers, sumW] = [powers + 1, sumW + powerW];
      if (currentMa !== undefined) [currents, sumMa] = [currents + 1, sumMa + currentMa];
    }
    return {
      ...interval,
      ...(powers === 0 ? {} : { powerW: Math.round(sumW / powers) }),
      ...(currents === 0 ? {} : { currentMa: Math.round(sumMa / currents) }),
    };
  });
}

/**
 * What a price restriction on current is about (OCPI 11.4.6: "sum over all phases"). A reading keeps the largest phase, for limits; the
 * sum is what the power makes of the voltage of a phase, and with direct current the very current.
 */
function allPhasesMa({ powerW, voltageMv, currentMa }: TimedReading): number | undefined {
  if (currentMa === undefined) return undefined;
  if (powerW === undefined || voltageMv === undefined || voltageMv <= 0) return currentMa;
  return Math.max(currentMa, Math.round((powerW * 1_000_000) / voltageMv));
}
