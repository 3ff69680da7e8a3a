import { expect, it } from 'vitest';
import { connectorCap, isCharging } from './demand.js';

it('counts our own pause as charging, a car that takes nothing not', () => {
  expect(['CHARGING', 'SUSPENDED_EVSE', 'SUSPENDED_EV', 'EV_CONNECTED', 'IDLE'].map(isCharging)).toEqual([
    true, true, false, false, false,
  ]); // prettier-ignore
});

it('takes the connector plate as the cap, for DC what its rectifier draws per phase', () => {
  expect(connectorCap({ maxCurrentA: 32, maxVoltageV: 230, phases: 3 })).toBe(320);
  expect(connectorCap({ maxCurrentA: 16, maxVoltageV: 230, phases: 1 })).toBe(160);
  expect(connectorCap({ maxCurrentA: 125, maxVoltageV: 400, phases: 0 })).toBe(725);
  expect(connectorCap({ maxCurrentA: 0, maxVoltageV: 230, phases: 3 })).toBeUndefined();
});
