import { describe, expect, it } from 'vitest';
import { againAfterMs } from './stop-pace.js';

describe('a session that goes on', () => {
  it('is stopped again, later each time, and for ever', () => {
    expect([1, 2, 3, 50].map((attempt) => againAfterMs('offline', attempt))).toEqual([
      15_000, 30_000, 60_000, 300_000,
    ]);
    expect(againAfterMs('unknown', 1)).toBe(10_000);
    expect(againAfterMs('accepted', 1)).toBe(30_000);
  });
});
