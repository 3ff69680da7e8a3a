/**
 * Time to full from the state of charge the car reports. Linear below 80 %, and the last fifth at half the pace: an AC
 * taper is short, a DC taper long, and a promise that is a little late is better than one that is early.
 */
import type { TimedReading } from './reading.js';

const TAPER_FROM = 80;
const TAPER_PACE = 0.5;
const WINDOW_MS = 15 * 60_000;
/** Less movement than this says nothing about the pace. */
const LEAST_GAIN_PERCENT = 0.5;

/** Undefined when no state of charge is reported, it does not rise, or the car is full already. */
export function estimateFullAt(readings: readonly TimedReading[]): Date | undefined {
  const known = readings.filter((reading) => reading.socPercent !== undefined);
  const last = known[known.length - 1];
  if (!last || last.socPercent === undefined || last.socPercent >= 100) return undefined;
  const since = last.at.getTime() - WINDOW_MS;
  const first = known.find((reading) => reading.at.getTime() >= since) ?? last;
  const gained = last.socPercent - (first.socPercent ?? last.socPercent);
  const elapsed = last.at.getTime() - first.at.getTime();
  if (gained < LEAST_GAIN_PERCENT || elapsed <= 0) return undefined;
  const pace = gained / elapsed;
  const plain = Math.max(0, TAPER_FROM - last.socPercent);
  const tapered = 100 - Math.max(TAPER_FROM, last.socPercent);
  return new Date(last.at.getTime() + Math.round(plain / pace + tapered / (pace * TAPER_PACE)));
}
