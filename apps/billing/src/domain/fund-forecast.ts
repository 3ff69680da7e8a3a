/**
 * When the money of an account is used by the sessions that run on it, and when to look again. Asked seldom, never for each reading:
 * the next look comes before the sessions could have used the rest at the most power that their connectors give, so what they take
 * beyond it is less than what flows between two readings and while a stop is on its way.
 *
 * Margin: sessions are stopped when the rest covers no more than `STOP_LEAD_MS` at the present power.
 */
import { type Decimal, ZERO, sumDecimals } from '@kilowatch/kernel';

/** From the decision to the end of the energy: the command, the station's answer, the car's ramp. */
export const STOP_LEAD_MS = 10_000;
export const SOONEST_LOOK_MS = 5_000;
/** Also how old the word of the rest can be while a session runs. */
export const LATEST_LOOK_MS = 5 * 60_000;
/** Nobody is told of a time that is further away. */
const HORIZON_MS = 12 * 3_600_000;
/** The driver is told when so much is used. */
const LOW_AT = '0.8';

/** A session that runs. Both grow with time; a tariff of negative prices gives the first time at which it is used. */
export interface Spending {
  /** What it costs when it goes on as now until then. */
  at(time: Date): Decimal;
  /** What it costs when it takes all that its connector gives from its last reading on. */
  atMost(time: Date): Decimal;
}

export interface ForecastInput {
  /** What the sessions may cost together. */
  readonly room: Decimal;
  /** Of sessions that ended and are not billed yet. */
  readonly spent: Decimal;
  readonly running: readonly Spending[];
  readonly now: Date;
}

export interface Forecast {
  /** Undefined: not within half a day. */
  readonly usedUpAt: Date | undefined;
  /** Time to stop. */
  readonly stop: boolean;
  /** Most of it is used. */
  readonly low: boolean;
  readonly lookAt: Date;
}

export function forecast({ room, spent, running, now }: ForecastInput): Forecast {
  const total = (at: Date) => spent.plus(sumDecimals(running.map((one) => one.at(at))));
  const most = (at: Date) => spent.plus(sumDecimals(running.map((one) => one.atMost(at))));
  const lowRoom = room.gt('0') ? room.times(LOW_AT) : ZERO;
  const low = total(now).gte(lowRoom);
  const stop = total(later(now, STOP_LEAD_MS)).gte(room);
  const usedUpAt = stop && total(now).gte(room) ? now : firstReached(total, room, now, HORIZON_MS);
  const looks = [
    later(now, LATEST_LOOK_MS),
    firstReached((at) => most(later(at, STOP_LEAD_MS)), room, now, LATEST_LOOK_MS),
    low ? undefined : firstReached(total, lowRoom, now, LATEST_LOOK_MS),
  ];
  const soonest = Math.min(...looks.flatMap((at) => at?.getTime() ?? []));
  return { usedUpAt, stop, low, lookAt: new Date(Math.max(soonest, now.getTime() + SOONEST_LOOK_MS)) };
}

/** Finest step of the search: what is used is told to the second. */
const RESOLUTION_MS = 1_000;

function firstReached(
  total: (at: Date) => Decimal,
  goal: Decimal,
  from: Date,
  withinMs: number,
): Date | undefined {
  if (total(from).gte(goal)) return from;
  if (total(later(from, withinMs)).lt(goal)) return undefined;
  let [before, reached] = [0, withinMs];
  while (reached - before > RESOLUTION_MS) {
    const middle = Math.floor((before + reached) / 2);
    if (total(later(from, middle)).gte(goal)) reached = middle;
    else before = middle;
  }
  // The earlier side: a look is rather too soon.
  return later(from, before);
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
