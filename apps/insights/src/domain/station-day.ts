/**
 * What one ended session adds to its station's day: the local day it began on. Idle is the car's own: connected, finished
 * or suspended by the car; a pause by the charger or load management (SuspendedEVSE) is neither charging nor idle.
 */
import { localParts } from '@kilowatch/kernel';

export interface Period {
  readonly state: string;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

export interface DayShare {
  /** `YYYY-MM-DD` in the location's time zone. */
  readonly day: string;
  readonly chargingMs: number;
  readonly idleMs: number;
}

const IDLE: ReadonlySet<string> = new Set(['SUSPENDED_EV', 'EV_CONNECTED', 'IDLE']);

export function dayShare(
  startedAt: Date,
  endedAt: Date,
  timeZone: string,
  periods: readonly Period[],
): DayShare {
  const total = (counts: (state: string) => boolean) =>
    periods
      .filter((period) => counts(period.state))
      .reduce((sum, period) => sum + lengthWithin(period, startedAt, endedAt), 0);
  return {
    day: localParts(startedAt, timeZone).date,
    chargingMs: total((state) => state === 'CHARGING'),
    idleMs: total((state) => IDLE.has(state)),
  };
}

/** ms of the period between start and end of the session; an open one lasts to the end. */
export function lengthWithin({ from, to }: Period, startedAt: Date, endedAt: Date): number {
  const begin = Math.max((from ?? startedAt).getTime(), startedAt.getTime());
  const end = Math.min((to ?? endedAt).getTime(), endedAt.getTime());
  return Math.max(0, end - begin);
}
