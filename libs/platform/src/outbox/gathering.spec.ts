import { describe, expect, it } from 'vitest';
import { Gathering } from './gathering.js';

const TIMES = { calmMs: 20, busyMs: 200 };

describe('gathering', () => {
  it('lets the first event of a calm moment go almost at once', () => {
    const gathering = new Gathering(TIMES);
    expect(gathering.waitMs(1_000)).toBe(20);
    gathering.roundBegins(1_020);
    expect(gathering.waitMs(5_000)).toBe(20);
  });

  it('keeps rounds at the slow pace while one follows another', () => {
    const gathering = new Gathering(TIMES);
    gathering.roundBegins(1_000);
    expect(gathering.waitMs(1_050)).toBe(150);
  });

  it('does not wait on top of a round that itself took longer than the pace', () => {
    const gathering = new Gathering(TIMES);
    gathering.roundBegins(1_000);
    expect(gathering.waitMs(1_250)).toBe(0);
  });

  it('begins at most five rounds a second under steady load', () => {
    const gathering = new Gathering(TIMES);
    const rounds: number[] = [];
    for (let now = 10_000; now < 12_000;) {
      now += Math.max(1, gathering.waitMs(now));
      gathering.roundBegins(now);
      rounds.push(now);
      now += 5;
    }
    expect(rounds.length).toBeLessThanOrEqual(11);
  });
});
