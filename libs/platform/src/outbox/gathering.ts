export interface GatherTimes {
  /** For the first of a calm moment: nobody waits long for a single event. */
  readonly calmMs: number;
  /** From round to round, for each that the last round had. */
  readonly perItemMs: number;
  /** And never longer than this. */
  readonly busyMs: number;
}

/** A pause of so many milliseconds makes calm again. */
const CALM_AFTER_MS = 500;

/**
 * How long what has just arrived waits for company before a round (a transaction, a publication) begins. A round costs about the
 * same for one as for fifty, so under load rounds come at a steady, slow pace. The pace follows the load: while fewer than one comes in
 * `perItemMs`, rounds are small and quick, above that they grow to what comes in `busyMs`. Times are arguments, milliseconds of
 * any clock that does not go back.
 */
export class Gathering {
  private lastRoundAt = -Infinity;
  private paceMs = 0;

  constructor(private readonly times: GatherTimes) {}

  /** For the round that is about to begin. */
  waitMs(now: number): number {
    const since = now - this.lastRoundAt;
    if (since > CALM_AFTER_MS + this.paceMs) return this.times.calmMs;
    return Math.max(0, this.paceMs - since);
  }

  /** The same for who would rather have the last round end first: until `busyMs` after it began. */
  longestMs(now: number): number {
    return Math.max(0, this.lastRoundAt + this.times.busyMs - now);
  }

  /** `size`: how many it takes. */
  roundBegins(now: number, size: number): void {
    const { calmMs, perItemMs, busyMs } = this.times;
    this.lastRoundAt = now;
    this.paceMs = Math.min(busyMs, Math.max(calmMs, size * perItemMs));
  }
}
