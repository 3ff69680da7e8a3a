/**
 * Sequence numbers seen of one 2.0.1 transaction (seqNo, E02), as merged ranges: adding is idempotent and order does
 * not matter. A gap is recorded, never fatal (Q32).
 */
export type SeqRange = readonly [from: number, to: number];
export type SeqRanges = readonly SeqRange[];

export function hasSeqNo(ranges: SeqRanges, seqNo: number): boolean {
  return ranges.some(([from, to]) => from <= seqNo && seqNo <= to);
}

export function addSeqNo(ranges: SeqRanges, seqNo: number | undefined): SeqRanges {
  if (seqNo === undefined || hasSeqNo(ranges, seqNo)) return ranges;
  const sorted = [...ranges, [seqNo, seqNo] as const].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/**
 * Numbers between 0 and the highest that never reached us. Updates that carry nothing but readings go to metering
 * and count here too: an upper bound, for review.
 */
export function seqGapCount(ranges: SeqRanges): number {
  const highest = ranges.at(-1)?.[1];
  if (highest === undefined) return 0;
  return highest + 1 - ranges.reduce((seen, [from, to]) => seen + (to - from + 1), 0);
}
