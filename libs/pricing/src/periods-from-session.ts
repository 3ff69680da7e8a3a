/**
 * From what sessions and metering know (state periods, metered intervals) to pricing periods. Time counts as idle
 * only when the car asks for no power, the driver was told that it is full, and the grace has passed; while the
 * station or the load manager holds back it is HELD, whatever the car does.
 */
import { type MilliWattHours, invalid, mwh } from '@kilowatch/kernel';
import { type PeriodKind, type PricingPeriod, share } from './slices.js';
import type { ReservationOutcome } from './uses.js';

export type ChargingState = 'CHARGING' | 'SUSPENDED_EV' | 'SUSPENDED_EVSE' | 'EV_CONNECTED' | 'IDLE';

export interface StatePeriod {
  readonly state: ChargingState;
  readonly from: Date;
  /** Absent for the present state. */
  readonly to?: Date;
}

export interface MeteredInterval {
  readonly from: Date;
  readonly to: Date;
  readonly energyMwh: MilliWattHours;
  /** Means of what was measured within; what was not follows from the energy (power) or counts as 0 (current, sum of the phases). */
  readonly powerW?: number;
  readonly currentMa?: number;
}

/** EXPIRED: nobody came in time. CANCELLED: its holder gave it back before. */
export type UnusedReservation = 'EXPIRED' | 'CANCELLED';

export interface SessionCourse {
  readonly start: Date;
  /** End of the session, or now for the live cost. */
  readonly end: Date;
  /** In order of time; time they do not cover counts as CHARGING. */
  readonly states: readonly StatePeriod[];
  /** In order of time, not overlapping; energy outside the session is put at its edge, never dropped. */
  readonly intervals: readonly MeteredInterval[];
  /** When the driver was first told that the car is full; absent: idle is never billed. */
  readonly fullToldAt?: Date;
  readonly idleGraceMinutes: number;
  /** `unused`: no session came of it, it is all there is to price (P7). */
  readonly reservation?: { readonly from: Date; readonly to: Date; readonly unused?: UnusedReservation };
}

// Connected but not yet charging is the station's turn; IDLE is OCPP's word for "no car", which costs nobody anything.
const KINDS: Readonly<Record<ChargingState, PeriodKind>> = {
  CHARGING: 'CHARGING',
  SUSPENDED_EV: 'IDLE',
  SUSPENDED_EVSE: 'HELD',
  EV_CONNECTED: 'HELD',
  IDLE: 'GRACE',
};

/** Periods in order, covering the session without gaps; their energy sums to that of the intervals. */
export function periodsFromSession(course: SessionCourse): PricingPeriod[] {
  const [start, end] = [course.start.getTime(), course.end.getTime()];
  if (!(start <= end)) {
    throw invalid('BILLING_SESSION_INVALID', 'The session ends before it starts.', { start, end });
  }
  if (course.reservation?.unused) return reservedPeriod(course, end);
  const curve = energyCurve(course.intervals, start, end);
  const edges = new Set([start, end, ...curve.knots]);
  for (const { from, to } of course.states) [from, to].forEach((at) => at && edges.add(at.getTime()));
  const idleFrom = idleBilledFrom(course);
  edges.add(idleFrom);
  const inside = [...edges].filter((at) => at >= start && at <= end).sort((a, b) => a - b);
  const stretches = inside.slice(1).map((to, index) => [inside[index]!, to] as const);
  // A session of no length still carries what was metered.
  const all = stretches.length > 0 ? stretches : [[start, end] as const];
  const periods = all.map(([from, to]) => period(from, to, kindAt(course, from, idleFrom), curve));
  return [...reservedPeriod(course, start), ...periods];
}

/** RESERVATION_EXPIRES is the price of what nobody came for in time; what was given back costs what a reservation costs (P7). */
export function reservationOutcome({ reservation }: SessionCourse): ReservationOutcome {
  return reservation?.unused === 'EXPIRED' ? 'EXPIRED' : 'USED';
}

function period(from: number, to: number, kind: PeriodKind, curve: EnergyCurve): PricingPeriod {
  return {
    start: new Date(from),
    end: new Date(to),
    kind,
    energyMwh: mwh(curve.until(to, true) - curve.until(from, false)),
    ...curve.meansOf(from, to),
    interpolatedStart: curve.isInterpolated(from),
    interpolatedEnd: curve.isInterpolated(to),
  };
}

function idleBilledFrom({ fullToldAt, idleGraceMinutes }: SessionCourse): number {
  return fullToldAt ? fullToldAt.getTime() + idleGraceMinutes * 60_000 : Number.POSITIVE_INFINITY;
}

function kindAt({ states }: SessionCourse, at: number, idleFrom: number): PeriodKind {
  // The latest that began counts, should two overlap.
  const state = states.findLast(({ from, to }) => from.getTime() <= at && (!to || at < to.getTime()));
  const kind = state ? KINDS[state.state] : 'CHARGING';
  return kind === 'IDLE' && at < idleFrom ? 'GRACE' : kind;
}

function reservedPeriod({ reservation }: SessionCourse, start: number): PricingPeriod[] {
  if (!reservation) return [];
  const to = Math.min(reservation.to.getTime(), start);
  if (reservation.from.getTime() >= to) return [];
  return [{ start: reservation.from, end: new Date(to), kind: 'RESERVED', energyMwh: mwh(0) }];
}

interface EnergyCurve {
  readonly knots: readonly number[];
  /** Energy before the instant; `inclusive` adds what was metered at the very instant. */
  until(at: number, inclusive: boolean): number;
  isInterpolated(at: number): boolean;
  /** What was measured over a stretch that lies within one interval. */
  meansOf(from: number, to: number): Pick<PricingPeriod, 'powerW' | 'currentMa'>;
}

function energyCurve(intervals: readonly MeteredInterval[], start: number, end: number): EnergyCurve {
  const within = (date: Date) => Math.min(Math.max(date.getTime(), start), end);
  const parts = intervals.map(({ from, to, energyMwh, powerW, currentMa }, index) => {
    const previous = intervals[index - 1];
    if (!(from <= to) || energyMwh < 0 || (previous && previous.to > from)) {
      throw invalid('BILLING_INTERVALS_INVALID', 'Metered intervals must follow one another.', { index });
    }
    return { from: within(from), to: within(to), energy: energyMwh, powerW, currentMa };
  });
  const before = [0];
  for (const part of parts) before.push(before[before.length - 1]! + part.energy);
  return {
    knots: parts.flatMap((part) => [part.from, part.to]),
    until(at, inclusive) {
      // Energy metered at one instant belongs to the time before it, at the very start to the time after it.
      const index = firstOpen(parts, at, inclusive || at > start);
      const part = parts[index];
      const begun = part && part.from < at ? share(part.energy, at - part.from, part.to - part.from) : 0;
      return before[index]! + begun;
    },
    isInterpolated(at) {
      const part = parts[firstOpen(parts, at, true)];
      return part !== undefined && part.from < at && part.energy > 0;
    },
    meansOf(from, to) {
      const part = parts[firstOpen(parts, from, true)];
      if (!part || part.from > from || part.to < to) return {};
      return {
        ...(part.powerW === undefined ? {} : { powerW: { min: part.powerW, max: part.powerW } }),
        ...(part.currentMa === undefined ? {} : { currentMa: { min: part.currentMa, max: part.currentMa } }),
      };
    },
  };
}

interface EnergyPart {
  readonly from: number;
  readonly to: number;
  readonly energy: number;
  readonly powerW?: number | undefined;
  readonly currentMa?: number | undefined;
}

/** Index of the first part that is not over at an instant; binary search, a long session has thousands. */
function firstOpen(parts: readonly EnergyPart[], at: number, countInstant: boolean): number {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { from, to } = parts[middle]!;
    if (to < at || (to === at && (from < to || countInstant))) low = middle + 1;
    else high = middle;
  }
  return low;
}
