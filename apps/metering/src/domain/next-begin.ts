/**
 * A station that uses a transactionId again may have told the next charge, under the same id, before anybody heard that there is one: an
 * offline queue comes in a moment. The registers of begin and end that the station writes tell the two apart.
 */
import type { TimedReading } from './reading.js';

/** A closing register is often read a moment after the end. */
const LATE_END_MS = 10_000;

/** The readings of a session that has ended, without those from the begin of the next one on. In any order. */
export function untilNextBegin(readings: readonly TimedReading[], endedAt: Date): readonly TimedReading[] {
  const times = (context: TimedReading['context']) =>
    readings.filter((reading) => reading.context === context).map(({ at }) => at.getTime());
  const begins = times('BEGIN').sort((a, b) => a - b);
  const ends = times('END');
  const end = endedAt.getTime();
  const next = begins.find(
    (at) =>
      at > begins[0]! + LATE_END_MS &&
      (at > end + LATE_END_MS || (at >= end && ends.some((other) => other > at))),
  );
  if (next === undefined) return readings;
  return readings.filter(
    ({ at, context }) => at.getTime() < next || (at.getTime() === next && context === 'END'),
  );
}
