/** Chargers' clocks (docs/ocpp-notes.md Q18): some tell their local time as UTC and are hours ahead. */
import { AHEAD_TOLERANCE_MS } from '@kilowatch/kernel';

/** Times of a charger whose clock is further off are not those of the tariff. */
export const CLOCK_OFF_SECONDS = 60;

export interface SessionClock {
  readonly startedAt?: Date;
  /** Clock of the charger minus ours, seconds, as its start told. */
  readonly clockOffsetSeconds?: number;
}

interface Told {
  readonly at: Date;
  readonly receivedAt?: Date | undefined;
}

/**
 * A session whose charger is ahead counts by our clock, and so does what is read of it: energy is priced by the hour, and a curve is shown
 * beside the session's own times. When the last that was heard is not ahead any more, the clock was set right meanwhile: then only what
 * was ahead when it came is moved. In the order of the clock.
 */
export function onOurClock<R extends Told>(readings: readonly R[], clock: SessionClock): R[] {
  const aheadMs = (clock.clockOffsetSeconds ?? 0) * 1000;
  if (aheadMs <= AHEAD_TOLERANCE_MS) return [...readings];
  const earliest = (clock.startedAt?.getTime() ?? 0) - CLOCK_OFF_SECONDS * 1000;
  const isStillAhead = isAhead(lastHeard(readings)) ?? true;
  return readings.map((reading) => {
    const at = reading.at.getTime() - aheadMs;
    const moves = at >= earliest && (isStillAhead || isAhead(reading) === true);
    return moves ? { ...reading, at: new Date(at) } : reading;
  });
}

/** Undefined: nobody knows when it was heard. */
function isAhead(reading: Told | undefined): boolean | undefined {
  return reading?.receivedAt && reading.at.getTime() - reading.receivedAt.getTime() > AHEAD_TOLERANCE_MS;
}

/** Of those heard at the same time the one that was read last. */
function lastHeard(readings: readonly Told[]): Told | undefined {
  const order = ({ receivedAt, at }: Told) => [receivedAt?.getTime() ?? 0, at.getTime()] as const;
  return readings.reduce<Told | undefined>((last, reading) => {
    if (!last) return reading;
    const [heard, at] = order(reading);
    const [lastHeardAt, lastAt] = order(last);
    return heard > lastHeardAt || (heard === lastHeardAt && at > lastAt) ? reading : last;
  }, undefined);
}
