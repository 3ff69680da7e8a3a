/**
 * Readings by the clock that their session is told by. Sessions tells by ours what a charger tells ahead of it or before any plausible
 * time, and by the charger's own clock everything else (docs/ocpp-notes.md Q18); readings come as the charger told them. A time that is not
 * by that clock (it was set meanwhile, or it jumps) would be hours of charging that never were.
 */
import { AHEAD_TOLERANCE_MS, EARLIEST_PLAUSIBLE } from '@kilowatch/kernel';

/** The session's clock minus ours, ms. `clockOffsetMs`: the charger's minus ours, as the start told. */
export function sessionOffsetMs(clockOffsetMs: number, now: number): number {
  const isTold = clockOffsetMs <= AHEAD_TOLERANCE_MS && now + clockOffsetMs >= EARLIEST_PLAUSIBLE;
  return isTold ? clockOffsetMs : 0;
}

/** When it was measured by the session's clock, and how long before it came; all in ms. */
export function readingTime(
  told: number | undefined,
  receivedAt: number,
  clockOffsetMs: number,
): { readonly at: number; readonly lagMs: number } {
  const arrived = receivedAt + sessionOffsetMs(clockOffsetMs, receivedAt);
  if (told === undefined || told < EARLIEST_PLAUSIBLE) return { at: arrived, lagMs: 0 };
  const isBySession = told <= arrived + AHEAD_TOLERANCE_MS;
  // A charger that was ahead at the start may be so by as much now.
  const at = isBySession ? told : Math.min(arrived, told - Math.max(0, clockOffsetMs));
  return { at, lagMs: arrived - at };
}
