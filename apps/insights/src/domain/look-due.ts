/**
 * News of one session come close together: its start and its first state, its end, its energy and its connector. One look a moment
 * later does for all of them.
 */
const GATHER_MS = 400;

export function lookDueAt(now: Date): Date {
  return new Date(now.getTime() + GATHER_MS);
}
