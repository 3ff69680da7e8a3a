import { describe, expect, it } from 'vitest';
import { Latencies, percentile } from './latencies.js';

describe('latencies', () => {
  it('takes percentiles of sorted values', () => {
    expect(percentile([], 0.5)).toBe(0);
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(3);
    expect(percentile([1, 2, 3, 4], 0.99)).toBe(4);
  });

  it('are summed up in whatever order they came, the longest too', () => {
    const latencies = new Latencies();
    for (const ms of [5, 900, 1, 4, 3]) latencies.note(ms);
    expect(latencies.summary()).toEqual({ messages: 5, p50Ms: 4, p99Ms: 900, maxMs: 900 });
  });
});
