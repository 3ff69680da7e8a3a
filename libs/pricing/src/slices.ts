/**
 * Cuts pricing periods into slices within which no restriction changes. Energy is cut by linear interpolation
 * between the neighbouring meter values, to whole mWh, so that no energy is lost or invented by cutting.
 */
import { type MilliWattHours, invalid, localParts, mwh } from '@kilowatch/kernel';
import { type Range, type Moment, localTimeCuts } from './restrictions.js';
import { type Tariff, isTimeVariable } from './tariff.js';

/**
 * CHARGING; HELD: the station or the load manager holds back (never billed as idle); IDLE: the car asks for no
 * power; GRACE: idle that is not billed (not yet told, or within the grace); RESERVED: before the session.
 */
export type PeriodKind = 'CHARGING' | 'HELD' | 'IDLE' | 'GRACE' | 'RESERVED';

export interface PricingPeriod {
  readonly start: Date;
  readonly end: Date;
  readonly kind: PeriodKind;
  readonly energyMwh: MilliWattHours;
  /** Which of several tariffs prices the period; the first unless told otherwise. */
  readonly tariffId?: string;
  /** Defaults to the mean power of the period. */
  readonly powerW?: Range;
  /** Sum of the phases; unknown counts as 0. */
  readonly currentMa?: Range;
  /** The energy was already cut here by interpolation, not read from the meter. */
  readonly interpolatedStart?: boolean;
  readonly interpolatedEnd?: boolean;
}

export interface Slice {
  /** Of the tariff that prices it. */
  readonly tariffIndex: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly kind: PeriodKind;
  readonly energyMwh: MilliWattHours;
  readonly interpolatedStart: boolean;
  readonly interpolatedEnd: boolean;
  readonly moment: Moment;
}

/**
 * Each period is cut where its own tariff may change; energy and duration count from the start of the session, whatever
 * tariffs came before. Throws INVALID `BILLING_PERIODS_INVALID` when periods overlap, run backwards, carry negative energy
 * or name a tariff that is not there.
 */
export function cutIntoSlices(
  tariffs: readonly Tariff[],
  timeZone: string,
  periods: readonly PricingPeriod[],
): Slice[] {
  checkPeriods(periods);
  const sessionStart = periods.find((p) => p.kind !== 'RESERVED')?.start.getTime() ?? 0;
  const limits = tariffs.map((tariff) => limitsOf(tariff, timeZone, periods, sessionStart));
  const slices: Slice[] = [];
  let energyBefore = 0;
  for (const [index, period] of periods.entries()) {
    if (isNothing(period) && slices.length + periods.length - index > 1) continue;
    const tariffIndex = indexOfTariff(tariffs, period, index);
    const { cuts, thresholds, timeVariable } = limits[tariffIndex]!;
    const points = pointsOf(period, cuts, thresholds, energyBefore);
    const powerW = period.powerW ?? meanPower(period);
    const currentMa = period.currentMa ?? { min: 0, max: 0 };
    for (let i = 0; i + 1 < points.length; i += 1) {
      const [from, to] = [points[i]!, points[i + 1]!];
      slices.push({
        tariffIndex,
        start: from.at,
        end: to.at,
        kind: period.kind,
        energyMwh: mwh(to.energy - from.energy),
        interpolatedStart: from.interpolated,
        interpolatedEnd: to.interpolated,
        moment: {
          atMs: from.at,
          local: timeVariable ? localParts(new Date(from.at), timeZone) : null,
          energyMwh: energyBefore + from.energy,
          sinceStartMs: from.at - sessionStart,
          powerW,
          currentMa,
        },
      });
    }
    energyBefore += period.energyMwh;
  }
  return slices;
}

/** Neither time nor energy: no fee is due for it, unless it is all there is of the session. */
function isNothing({ start, end, energyMwh }: PricingPeriod): boolean {
  return start.getTime() === end.getTime() && energyMwh === 0;
}

interface Limits {
  /** Instants, milliseconds. */
  readonly cuts: readonly number[];
  /** Energy of the session in mWh. */
  readonly thresholds: readonly number[];
  readonly timeVariable: boolean;
}

/** Where a restriction of a tariff may begin or end to hold. */
function limitsOf(
  tariff: Tariff,
  timeZone: string,
  periods: readonly PricingPeriod[],
  sessionStart: number,
): Limits {
  const timeVariable = isTimeVariable(tariff);
  const cuts = new Set<number>();
  const [first, last] = [periods[0], periods[periods.length - 1]];
  if (first && last && timeVariable) {
    for (const cut of localTimeCuts(tariff, first.start, last.end, timeZone)) cuts.add(cut);
  }
  const thresholds = new Set<number>();
  for (const { restrictions: r } of tariff.elements) {
    for (const ms of [r.minDurationMs, r.maxDurationMs]) if (ms !== undefined) cuts.add(sessionStart + ms);
    for (const energy of [r.minMwh, r.maxMwh]) if (energy !== undefined) thresholds.add(energy);
  }
  return { cuts: [...cuts], thresholds: [...thresholds], timeVariable };
}

function indexOfTariff(tariffs: readonly Tariff[], { tariffId }: PricingPeriod, index: number): number {
  const found = tariffId === undefined ? 0 : tariffs.findIndex((tariff) => tariff.id === tariffId);
  if (found < 0 || found >= tariffs.length) {
    throw invalid('BILLING_PERIODS_INVALID', `A period is under tariff ${tariffId}, which is not there.`, {
      index,
    });
  }
  return found;
}

interface Point {
  readonly at: number;
  readonly energy: number;
  readonly interpolated: boolean;
}

function pointsOf(
  period: PricingPeriod,
  cuts: readonly number[],
  thresholds: readonly number[],
  energyBefore: number,
): Point[] {
  const [start, end, energy] = [period.start.getTime(), period.end.getTime(), period.energyMwh];
  const inner: Point[] = [];
  for (const at of cuts) {
    if (at > start && at < end) {
      inner.push({ at, energy: share(energy, at - start, end - start), interpolated: energy > 0 });
    }
  }
  for (const threshold of thresholds) {
    const part = threshold - energyBefore;
    if (part > 0 && part < energy) {
      inner.push({ at: start + share(end - start, part, energy), energy: part, interpolated: true });
    }
  }
  inner.sort((a, b) => a.at - b.at || a.energy - b.energy);
  return [
    { at: start, energy: 0, interpolated: period.interpolatedStart ?? false },
    ...inner,
    { at: end, energy, interpolated: period.interpolatedEnd ?? false },
  ];
}

/** total * part / whole, rounded half up to a whole number; exact for sizes a double would not hold. */
export function share(total: number, part: number, whole: number): number {
  return Number((BigInt(total) * BigInt(part) * 2n + BigInt(whole)) / (BigInt(whole) * 2n));
}

function meanPower(period: PricingPeriod): Range {
  const ms = period.end.getTime() - period.start.getTime();
  // mWh per ms is 3.6 MW; whole watts are enough for a limit in kW.
  const watts = ms === 0 ? 0 : share(period.energyMwh, 3600, ms);
  return { min: watts, max: watts };
}

function checkPeriods(periods: readonly PricingPeriod[]): void {
  periods.forEach((period, index) => {
    const previous = periods[index - 1];
    const late = period.kind === 'RESERVED' && previous !== undefined && previous.kind !== 'RESERVED';
    if (!(period.start <= period.end) || (previous && previous.end > period.start) || late) {
      throw invalid('BILLING_PERIODS_INVALID', 'Periods must follow one another in time.', { index });
    }
    if (period.energyMwh < 0 || (period.kind === 'RESERVED' && period.energyMwh > 0)) {
      throw invalid('BILLING_PERIODS_INVALID', 'A period has energy it cannot have.', { index });
    }
  });
}
