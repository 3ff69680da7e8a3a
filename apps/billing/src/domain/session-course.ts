/**
 * What pricing looks at, from a session as `sessions` told it and its energy as `metering` did. The driver is told
 * that the car is full when it first stops asking for power after it has charged; idle counts from there (billing rule "idle").
 */
import { carFullAt, mwh } from '@kilowatch/kernel';
import type { ChargingState, MeteredInterval, SessionCourse, StatePeriod } from '@kilowatch/pricing';
import type { BilledReservation } from './reservation.js';
import type { Stored } from './stored.js';

export interface KnownSession {
  readonly startedAt: Date;
  /** End of the session, or now for the live cost. */
  readonly until: Date;
  readonly statePeriods: readonly { state: string; from?: Date | undefined; to?: Date | undefined }[];
  /** With the means of power and current, where they were measured: tariffs may depend on them. */
  readonly intervals: readonly {
    from?: Date | undefined;
    to?: Date | undefined;
    energyMwh: number;
    powerW?: number | undefined;
    currentMa?: number | undefined;
  }[];
  /** All of it; put over the whole session when no interval says when it flowed. */
  readonly energyMwh: number;
  readonly idleGraceMinutes: number;
  readonly reservation?: Stored<BilledReservation> | undefined;
}

const STATES: readonly string[] = ['CHARGING', 'SUSPENDED_EV', 'SUSPENDED_EVSE', 'EV_CONNECTED', 'IDLE'];

export function courseOf(session: KnownSession): SessionCourse {
  const reservation = session.reservation && revivedReservation(session.reservation);
  if (reservation?.unused) {
    const { to } = reservation;
    const { idleGraceMinutes } = session;
    return { start: to, end: to, states: [], intervals: [], idleGraceMinutes, reservation };
  }
  const start = session.startedAt;
  // A charger whose clock went back must not stop the bill.
  const end = session.until > start ? session.until : start;
  const states = session.statePeriods
    .flatMap(({ state, from, to }): StatePeriod[] =>
      STATES.includes(state) && from ? [{ state: state as ChargingState, from, ...(to ? { to } : {}) }] : [],
    )
    .sort((a, b) => inTime(a, b) || (a.state < b.state ? -1 : 1));
  const known = session.intervals
    .flatMap(({ from, to, energyMwh, powerW, currentMa }): MeteredInterval[] => {
      if (!from || !to) return [];
      return [
        {
          from,
          to,
          energyMwh: mwh(energyMwh),
          ...(powerW === undefined ? {} : { powerW }),
          ...(currentMa === undefined ? {} : { currentMa }),
        },
      ];
    })
    .sort((a, b) => inTime(a, b) || a.energyMwh - b.energyMwh);
  const fullToldAt = carFullAt(states);
  return {
    start,
    end,
    states,
    intervals: known.length > 0 ? known : [{ from: start, to: end, energyMwh: mwh(session.energyMwh) }],
    ...(fullToldAt ? { fullToldAt } : {}),
    idleGraceMinutes: session.idleGraceMinutes,
    ...(reservation ? { reservation } : {}),
  };
}

interface Span {
  readonly from: Date;
  readonly to?: Date;
}

/** What began first, of those what ended first: the order in which facts came must not show in a price. */
function inTime(a: Span, b: Span): number {
  const end = ({ to }: Span) => to?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return a.from.getTime() - b.from.getTime() || end(a) - end(b);
}

/** The time that was kept, as a course has it. */
export function revivedReservation({
  from,
  to,
  unused,
}: Pick<Stored<BilledReservation>, 'from' | 'to' | 'unused'>): NonNullable<SessionCourse['reservation']> {
  return { from: new Date(from), to: new Date(to), ...(unused ? { unused } : {}) };
}

/** A course as it was stored with its CDR: what recomputing an invoice starts from. */
export function revivedCourse(course: Stored<SessionCourse>): SessionCourse {
  const span = ({ from, to }: { from: string; to: string }) => ({ from: new Date(from), to: new Date(to) });
  return {
    start: new Date(course.start),
    end: new Date(course.end),
    states: course.states.map(({ state, from, to }) => ({
      state,
      from: new Date(from),
      ...(to ? { to: new Date(to) } : {}),
    })),
    intervals: course.intervals.map((interval) => ({ ...interval, ...span(interval) })),
    ...(course.fullToldAt ? { fullToldAt: new Date(course.fullToldAt) } : {}),
    idleGraceMinutes: course.idleGraceMinutes,
    ...(course.reservation ? { reservation: revivedReservation(course.reservation) } : {}),
  };
}
