/** Heartbeat and boot-retry intervals: spread by +-10 % so that a fleet that booted together does not stay in step. */
const DEFAULT_SECONDS = 300;

/** Seconds, at least 10: some chargers take 0 for "as fast as you can". `random` is 0 <= n < 1. */
export function spreadInterval(seconds: number, random: number): number {
  const wanted = seconds > 0 ? seconds : DEFAULT_SECONDS;
  return Math.max(10, Math.round(wanted * (0.9 + 0.2 * random)));
}
