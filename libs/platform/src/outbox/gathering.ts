export interface GatherTimes {
  /** For the first of a calm moment: nobody waits long for a single event. */
  readonly calmMs: number;
  /** While one round follows another. */
  readonly busyMs: number;
}

/** A pause of so many rounds makes calm again. */
const CALM_AFTER_MS = 500;

/**
 * How long what has just arrived waits for company before a round (a transaction, a publication) begins. A round costs about the
 * same for one as for fifty, so under load rounds come at a steady, slow pace; in quiet times each event goes almost at once.
 * Times are arguments, milliseconds of any clock that does not go back.
 */
export class Gathering {
  private lastRoundAt = -Infinity;

  constructor(private readonly times: GatherTimes) {}

  /** For the round that is about to begin. */
  waitMs(now: number): number {
    const since = now - this.lastRoundAt;
    if (since > CALM_AFTER_MS + this.times.busyMs) return this.times.calmMs;
    return Math.max(0, this.times.busyMs - since);
  }

  roundBegins(now: number): void {
    this.lastRoundAt = now;
  }
}
