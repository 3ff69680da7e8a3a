/**
 * A station that uses a transactionId again may have told the next charge, under the same id, before anybody heard that there is one: an
 * offline queue comes in a moment. The registers of begin and end that the station writes tell the two apart.
 */
import { onOurClock, type SessionClock } from './device-clock.js';
import type { TimedReading } from './reading.js';

/** A closing register is often read a moment after the end. */
const LATE_END_MS = 10_000;

export interface OwnReadings {
  readonly readings: readonly TimedReading[];
  /** By the station's clock: from then on, and in that moment but for its end, it is another charge. */
  readonly until?: Date;
}

/** The readings of a session, without those from the begin of the next one on once it has ended. In any order. */
export function ownReadings(
  readings: readonly TimedReading[],
  session: SessionClock & { readonly endedAt?: Date | undefined },
): OwnReadings {
  const isAgain = readings.filter(({ context }) => context === 'BEGIN').length > 1;
  if (!session.endedAt || !isAgain) return { readings };
  const end = session.endedAt.getTime();
  // The end is by our clock where the station's is ahead.
  const times = onOurClock(readings, session).map(({ at }) => at.getTime());
  const of = (context: TimedReading['context']) =>
    times.filter((_, index) => readings[index]!.context === context);
  const begins = of('BEGIN').sort((a, b) => a - b);
  const ends = of('END');
  const next = begins.find(
    (at) =>
      at > begins[0]! + LATE_END_MS &&
      (at > end + LATE_END_MS || (at >= end && ends.some((other) => other > at))),
  );
  if (next === undefined) return { readings };
  return {
    readings: readings.filter(
      ({ context }, index) => times[index]! < next || (times[index] === next && context === 'END'),
    ),
    until: readings[times.indexOf(next)]!.at,
  };
}
