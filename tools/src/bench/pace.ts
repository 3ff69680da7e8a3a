import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when the next call may be sent, with the moment from which the wait for its answer counts (`performance.now()`). */
export type Pace = () => Promise<number>;

/** Closed loop: as soon as the last call is answered. */
export const atOnce: Pace = () => Promise.resolve(performance.now());

export interface Schedule {
  /** The first call is due then. */
  readonly firstAt: number;
  readonly everyMs: number;
  /** What is due from here on is not waited for: the charger finishes what it is at. */
  readonly endAt: number;
}

/**
 * Open loop: calls are due at fixed moments, whatever became of others. A call that cannot be sent in time, because the one before it
 * has no answer yet, is sent as soon as it can and still counts from the moment it was due: waiting in the charger's queue is
 * waiting. (A closed loop leaves exactly that out.)
 */
export function bySchedule({ firstAt, everyMs, endAt }: Schedule, clock: Clock = REAL): Pace {
  let sent = 0;
  return async () => {
    const dueAt = firstAt + everyMs * sent++;
    if (dueAt >= endAt) return Math.max(endAt, clock.now());
    const wait = dueAt - clock.now();
    if (wait > 0) await clock.sleep(Math.ceil(wait));
    return dueAt;
  };
}

export interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const REAL: Clock = { now: () => performance.now(), sleep: (ms) => delay(ms) };
