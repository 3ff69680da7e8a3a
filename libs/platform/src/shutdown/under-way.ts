/** Work that goes on by itself after it was begun: how much there is, and when all of it is over. */
export class UnderWay {
  private readonly works = new Set<Promise<unknown>>();

  get size(): number {
    return this.works.size;
  }

  /**
   * Counts `work` until it ends, whichever way, and gives it back: who began it deals with its failure (`Tx.afterCommit` logs it).
   * Never an unhandled rejection.
   */
  add<T>(work: Promise<T>): Promise<T> {
    this.works.add(work);
    const over = () => void this.works.delete(work);
    work.then(over, over);
    return work;
  }

  /** Takes more, `limit` at once, while fewer than `most` are under way; none where there is no room. */
  atMost<T>(most: number, limit: number, take: (room: number) => Promise<T[]>): Promise<T[]> {
    const room = Math.min(limit, most - this.size);
    return room > 0 ? take(room) : Promise.resolve([]);
  }

  /** Resolves when none is left, that which was begun while waiting included; a failure is none of its business. */
  async idle(): Promise<void> {
    while (this.works.size > 0) await Promise.allSettled(this.works);
  }
}
