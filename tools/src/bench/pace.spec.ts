import { describe, expect, it } from 'vitest';
import { atOnce, bySchedule } from './pace.js';

/** Time passes when somebody sleeps, or is told to. */
function aClock() {
  const clock = {
    at: 0,
    slept: [] as number[],
    now: () => clock.at,
    sleep: (ms: number) => {
      clock.slept.push(ms);
      clock.at += ms;
      return Promise.resolve();
    },
  };
  return clock;
}

describe('an open loop', () => {
  it('sends at fixed moments and counts from them', async () => {
    const clock = aClock();
    const pace = bySchedule({ firstAt: 250, everyMs: 1_000, endAt: 10_000 }, clock);
    expect([await pace(), await pace(), await pace()]).toEqual([250, 1_250, 2_250]);
    expect(clock.slept).toEqual([250, 1_000, 1_000]);
  });

  it('counts what comes late from the moment it was due, and gives no moment away', async () => {
    const clock = aClock();
    const pace = bySchedule({ firstAt: 0, everyMs: 100, endAt: 10_000 }, clock);
    await pace();
    // The answer to the first takes 350 ms.
    clock.at = 350;
    expect([await pace(), await pace(), await pace()]).toEqual([100, 200, 300]);
    expect(clock.slept).toEqual([]);
    expect(await pace()).toBe(400);
    expect(clock.slept).toEqual([50]);
  });

  it('waits for nothing after its end, and counts none of it as if it had been due before', async () => {
    const clock = aClock();
    const pace = bySchedule({ firstAt: 0, everyMs: 100, endAt: 200 }, clock);
    expect([await pace(), await pace(), await pace(), await pace()]).toEqual([0, 100, 200, 200]);
    expect(clock.slept).toEqual([100]);
  });
});

it('a closed loop never waits', async () => {
  const before = performance.now();
  expect(await atOnce()).toBeGreaterThanOrEqual(before);
});
