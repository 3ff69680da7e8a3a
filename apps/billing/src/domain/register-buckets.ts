/**
 * The registers of a running session, thinned: of each five minutes by the clock the first and the last value.
 * Price steps lie on such minutes, so both neighbours of a step are kept and the live cost splits energy exactly
 * where the final one does.
 */
export interface RegisterReading {
  readonly stationId: string;
  readonly transactionRef: string;
  readonly at: Date;
  readonly mwh: number;
}

export interface RegisterBucket {
  readonly stationId: string;
  readonly transactionRef: string;
  /** Count of five-minute stretches since 1970. */
  readonly bucket: number;
  readonly firstAt: Date;
  readonly firstMwh: number;
  readonly lastAt: Date;
  readonly lastMwh: number;
}

const BUCKET_MS = 300_000;

export function bucketOf(at: Date): number {
  return Math.floor(at.getTime() / BUCKET_MS);
}

/** One bucket per transaction and five minutes; the order of the readings does not matter. Sorted by key. */
export function bucketsOf(readings: readonly RegisterReading[]): RegisterBucket[] {
  const buckets = new Map<string, RegisterBucket>();
  for (const { stationId, transactionRef, at, mwh } of readings) {
    const bucket = bucketOf(at);
    const key = `${stationId}|${transactionRef}|${bucket}`;
    const held = buckets.get(key) ?? {
      stationId,
      transactionRef,
      bucket,
      firstAt: at,
      firstMwh: mwh,
      lastAt: at,
      lastMwh: mwh,
    };
    buckets.set(key, {
      ...held,
      ...(at < held.firstAt ? { firstAt: at, firstMwh: mwh } : {}),
      ...(at > held.lastAt ? { lastAt: at, lastMwh: mwh } : {}),
    });
  }
  return [...buckets.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bucket]) => bucket);
}
