import { expect, it } from 'vitest';
import { maxPowerW } from './connector-power.js';

it.each([
  ['AC_3_PHASE', 230, 32, 22_080],
  ['AC_1_PHASE', 230, 32, 7_360],
  ['DC', 920, 500, 460_000],
  ['', 0, 0, 0],
])('a connector of %s with %i V and %i A gives %i W', (powerType, maxVoltageV, maxCurrentA, watts) => {
  expect(maxPowerW({ powerType, maxVoltageV, maxCurrentA })).toBe(watts);
});
