import { expect, it } from 'vitest';
import { spreadInterval } from './interval.js';

it.each([
  ['lower end', 300, 0, 270],
  ['middle', 300, 0.5, 300],
  ['upper end', 300, 0.9999, 330],
  ['never 0, which floods', 0, 0.5, 300],
  ['never below ten seconds', 5, 0.5, 10],
])('Q20: spreads the interval: %s', (_, seconds, random, expected) => {
  expect(spreadInterval(seconds, random)).toBe(expected);
});
