import { expect, it } from 'vitest';
import { PlanAge } from './plan-age.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** When plans are made anew by a connection that is used each second, in seconds of its life. */
function timesIn(seconds: number): number[] {
  const age = new PlanAge(5_000);
  return Array.from({ length: seconds + 1 }, (_, at) => at).filter((at) => age.isOver(5_000 + at * SECOND));
}

it('plans are made anew whenever the connection is twice as old', () => {
  expect(timesIn(200)).toEqual([10, 20, 40, 80, 160]);
});

it('and once an hour when it is old', () => {
  const times = timesIn(6 * 3_600);
  const gaps = times.map((at, index) => at - (times[index - 1] ?? 0));
  expect(Math.max(...gaps)).toBe(3_600);
  expect(gaps.slice(-3)).toEqual([3_600, 3_600, 3_600]);
});

it('a connection that was idle meanwhile does it once', () => {
  const age = new PlanAge(0);
  expect([50 * MINUTE, 50 * MINUTE + 1, 99 * MINUTE, 100 * MINUTE].map((now) => age.isOver(now))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
