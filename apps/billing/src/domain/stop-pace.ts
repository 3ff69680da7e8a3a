/** When a station is asked again to end a session that goes on though its money is used. */
export type StopOutcome = 'accepted' | 'refused' | 'offline' | 'unknown';

/** An accepted stop ends a session within seconds; one that has not is asked for again. */
const AFTER_MS: Readonly<Record<StopOutcome, number>> = {
  accepted: 30_000,
  refused: 30_000,
  unknown: 10_000,
  // Asked at once when it comes back; this is for the case that nobody says so.
  offline: 15_000,
};
const LONGEST_MS = 300_000;

/** @param attempt counted from 1; each waits twice as long as the one before */
export function againAfterMs(outcome: StopOutcome, attempt: number): number {
  const doublings = Math.min(Math.max(attempt - 1, 0), 8);
  return Math.min(AFTER_MS[outcome] * 2 ** doublings, LONGEST_MS);
}
