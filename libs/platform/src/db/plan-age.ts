const FIRST_MS = 10_000;
const MOST_MS = 60 * 60_000;

/**
 * When the plans that a connection keeps are made anew. A kept plan is as good as what Postgres knew of its tables when it was made. In
 * a new system, in a month's new partition, after a large import it may read whole what was three rows then: of two indexes of an empty
 * table each is as good as the other. ANALYZE, which makes plans void, comes once a minute at best. So plans are made anew each time the
 * connection has become twice as old, at least once an hour: a table that grows steadily has doubled by then, and a connection that is
 * old hardly plans.
 */
export class PlanAge {
  private anewAt: number;

  /** Milliseconds of a clock that does not go back. */
  constructor(private readonly connectedAt: number) {
    this.anewAt = connectedAt + FIRST_MS;
  }

  /** True once for each time. */
  isOver(now: number): boolean {
    if (now < this.anewAt) return false;
    this.anewAt = now + Math.min(now - this.connectedAt, MOST_MS);
    return true;
  }
}
