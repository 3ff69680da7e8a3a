/** Chargers' clocks (docs/ocpp-notes.md Q18): some tell their local time as UTC and are hours ahead. */
import { AHEAD_TOLERANCE_MS } from '@kilowatch/kernel';

/** Times of a charger whose clock is further off are not those of the tariff. */
export const CLOCK_OFF_SECONDS = 60;

export interface SessionClock {
  readonly startedAt?: Date;
  /** Clock of the charger minus ours, seconds, as its start told. */
  readonly clockOffsetSeconds?: number;
}

/**
 * A session whose charger is ahead counts by our clock, and so does what is read of it: energy is priced by the hour, and a curve is shown
 * beside the session's own times. What would lie before the start then comes from a clock that was set right meanwhile, and is left.
 */
export function onOurClock<R extends { readonly at: Date }>(
  readings: readonly R[],
  clock: SessionClock,
): R[] {
  const aheadMs = (clock.clockOffsetSeconds ?? 0) * 1000;
  if (aheadMs <= AHEAD_TOLERANCE_MS) return [...readings];
  const earliest = (clock.startedAt?.getTime() ?? 0) - CLOCK_OFF_SECONDS * 1000;
  return readings.map((reading) => {
    const at = reading.at.getTime() - aheadMs;
    return at < earliest ? reading : { ...reading, at: new Date(at) };
  });
}
