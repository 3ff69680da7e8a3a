// OCPP 2.1 ChargingScheduleUpdateType (use case K28), and the same fields in the one period of a dynamic schedule.

import type { JsonObject } from '../../json.js';
import { present } from '../command-call.js';
import type { ScheduleLimits } from '../energy-messages.js';

const FIELDS: readonly (readonly [name: keyof ScheduleLimits, onTheWire: string])[] = [
  ['limit', 'limit'],
  ['limitL2', 'limit_L2'],
  ['limitL3', 'limit_L3'],
  ['dischargeLimit', 'dischargeLimit'],
  ['dischargeLimitL2', 'dischargeLimit_L2'],
  ['dischargeLimitL3', 'dischargeLimit_L3'],
  ['setpoint', 'setpoint'],
  ['setpointL2', 'setpoint_L2'],
  ['setpointL3', 'setpoint_L3'],
  ['setpointReactive', 'setpointReactive'],
  ['setpointReactiveL2', 'setpointReactive_L2'],
  ['setpointReactiveL3', 'setpointReactive_L3'],
];

export function scheduleUpdate(limits: ScheduleLimits): JsonObject {
  return present(Object.fromEntries(FIELDS.map(([name, wire]) => [wire, limits[name]]))) as JsonObject;
}

/** The limits in an update, or in a period. */
export function scheduleLimitsOf(update: JsonObject): ScheduleLimits {
  return Object.fromEntries(
    FIELDS.flatMap(([name, wire]) => {
      const value = update[wire];
      return typeof value === 'number' ? [[name, value]] : [];
    }),
  );
}
