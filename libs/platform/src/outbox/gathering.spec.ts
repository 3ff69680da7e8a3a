import { describe, expect, it } from 'vitest';
import { Gathering } from './gathering.js';

const TIMES = { calmMs: 20, perItemMs: 50, busyMs: 500 };

/** Rounds of ten seconds in which an event comes every `everyMs`, after a second to find the pace: their sizes. */
function rounds(everyMs: number): number[] {
  const gathering = new Gathering(TIMES);
  const sizes: number[] = [];
  let taken = 0;
  for (let now = 0; now < 11_000;) {
    const arrived = () => Math.floor(now / everyMs) - taken;
    if (arrived() === 0) {
      now += 1;
      continue;
    }
    now += gathering.waitMs(now);
    const size = arrived();
    gathering.roundBegins(now, size);
    taken += size;
    if (now > 1_000) sizes.push(size);
    now += 5;
  }
  return sizes;
}

const mean = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0) / sizes.length;

describe('gathering', () => {
  it('lets the first event of a calm moment go almost at once', () => {
    const gathering = new Gathering(TIMES);
    expect(gathering.waitMs(1_000)).toBe(20);
    gathering.roundBegins(1_020, 50);
    expect(gathering.waitMs(5_000)).toBe(20);
  });

  it('waits longer the more the last round had, up to the slowest pace', () => {
    const gathering = new Gathering(TIMES);
    const waitAfter = (size: number) => {
      gathering.roundBegins(1_000, size);
      return gathering.waitMs(1_010);
    };
    expect([1, 4, 10, 80].map(waitAfter)).toEqual([40, 190, 490, 490]);
  });

  it('does not wait on top of a round that itself took longer than the pace', () => {
    const gathering = new Gathering(TIMES);
    gathering.roundBegins(1_000, 2);
    expect(gathering.waitMs(1_250)).toBe(0);
  });

  it('keeps a trickle quick: nobody waits longer than a few events take to come', () => {
    const sizes = rounds(200);
    expect(Math.max(...sizes)).toBe(1);
  });

  it('makes two rounds a second of a steady stream, however dense', () => {
    for (const everyMs of [20, 5, 1]) {
      const sizes = rounds(everyMs);
      expect(sizes.length).toBeLessThanOrEqual(21);
      expect(mean(sizes)).toBeGreaterThan((0.9 * 500) / everyMs);
    }
  });
});
