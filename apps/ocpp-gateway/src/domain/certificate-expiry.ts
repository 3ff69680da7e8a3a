const DAY_MS = 86_400_000;
const WARN_DAYS = 30;

/** Whole days that are left, once it is time to say so: from 30 days before the end on. Below zero it has ended. */
export function daysToWarnOf(expiresAt: Date, now: Date): number | undefined {
  const days = Math.floor((expiresAt.getTime() - now.getTime()) / DAY_MS);
  return days < WARN_DAYS ? days : undefined;
}
