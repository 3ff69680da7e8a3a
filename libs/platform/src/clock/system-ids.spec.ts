import { describe, expect, it } from 'vitest';
import { systemIds } from './system-ids.js';

describe('ids from the system', () => {
  it('are UUIDv7 of the given time and do not repeat across pools', () => {
    const ids = systemIds({ now: () => new Date('2026-01-01T00:00:00Z') });
    const made = Array.from({ length: 1000 }, () => ids.newId());
    expect(new Set(made).size).toBe(1000);
    for (const id of made) expect(id).toMatch(/^019b76da-a800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('are in the order they were made, whatever the clock does within a second', () => {
    const times = [0, 0, 1, 1, -1, -900, 2, 2].map((ms) => new Date(Date.UTC(2026, 0, 1) + ms));
    let asked = 0;
    const ids = systemIds({ now: () => times[Math.floor((asked++ * times.length) / 20_000)]! });
    const made = Array.from({ length: 20_000 }, () => ids.newId());
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('follow a clock that is set back by more', () => {
    let now = new Date('2026-01-01T01:00:00Z');
    const ids = systemIds({ now: () => now });
    ids.newId();
    now = new Date('2026-01-01T00:00:00Z');
    expect(ids.newId()).toMatch(/^019b76da-a800-7/);
  });

  it('makes positive 31-bit integers and tokens that fit a URL', () => {
    const ids = systemIds();
    for (let i = 0; i < 100; i++) {
      const value = ids.randomInt31();
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThanOrEqual(2 ** 31 - 1);
    }
    expect(ids.token(24)).toMatch(/^[\w-]{32}$/);
  });
});
