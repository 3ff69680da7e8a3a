export interface LatencySummary {
  readonly messages: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How long answers took, in milliseconds. */
export class Latencies {
  private readonly all: number[] = [];

  note(milliseconds: number): void {
    this.all.push(milliseconds);
  }

  get size(): number {
    return this.all.length;
  }

  summary(): LatencySummary {
    const sorted = [...this.all].sort((a, b) => a - b);
    return {
      messages: sorted.length,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
      maxMs: percentile(sorted, 1),
    };
  }
}

export function percentile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
