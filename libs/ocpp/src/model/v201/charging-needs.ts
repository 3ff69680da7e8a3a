// OCPP 2.x NotifyEVChargingNeeds and NotifyEVChargingSchedule (use cases K15 to K17): what a car says over ISO 15118. A car of
// ISO 15118-20 tells its figures in v2xChargingParameters (2.1), others in those of AC or DC.

import { child, children, int32, type JsonObject } from '../../json.js';
import { readTime } from '../../wire-time.js';
import type { CallContext } from '../charger-message.js';
import type { CarScheduleMessage, ChargingNeedsMessage } from '../energy-messages.js';

export function chargingNeeds(payload: JsonObject): ChargingNeedsMessage {
  const needs = child(payload, 'chargingNeeds') ?? {};
  const transfer = needs['requestedEnergyTransfer'];
  const ac = child(needs, 'acChargingParameters') ?? {};
  const dc = child(needs, 'dcChargingParameters') ?? {};
  const v2x = child(needs, 'v2xChargingParameters') ?? {};
  const own = isDc(transfer) ? dc : ac;
  return {
    type: 'chargingNeeds',
    evseNumber: int32(payload, 'evseId') ?? 0,
    transfer: typeof transfer === 'string' ? transfer : '',
    departureAt: readTime(needs['departureTime']),
    // 0 promises nothing about the car: not said.
    maxPeriods: int32(payload, 'maxScheduleTuples') || null,
    energyWh: number(own, 'energyAmount') ?? number(v2x, 'evTargetEnergyRequest'),
    minCurrentA: number(own, 'evMinCurrent') ?? number(v2x, 'minChargeCurrent'),
    maxCurrentA: number(own, 'evMaxCurrent') ?? number(v2x, 'maxChargeCurrent'),
    maxVoltageV: number(own, 'evMaxVoltage') ?? number(v2x, 'maxVoltage'),
    minPowerW: summed(v2x, 'minChargePower'),
    maxPowerW: number(own, 'evMaxPower') ?? summed(v2x, 'maxChargePower'),
    capacityWh: number(dc, 'evEnergyCapacity'),
    stateOfCharge: int32(dc, 'stateOfCharge'),
    fullStateOfCharge: int32(dc, 'fullSoC') ?? int32(v2x, 'targetSoC'),
  };
}

export function carSchedule(payload: JsonObject, { receivedAt }: CallContext): CarScheduleMessage {
  const schedule = child(payload, 'chargingSchedule') ?? {};
  return {
    type: 'carSchedule',
    evseNumber: int32(payload, 'evseId') ?? 0,
    timeBase: readTime(payload['timeBase']) ?? receivedAt,
    unit: schedule['chargingRateUnit'] === 'W' ? 'W' : 'A',
    durationSeconds: int32(schedule, 'duration'),
    periods: children(schedule, 'chargingSchedulePeriod').map((period) => ({
      startSeconds: int32(period, 'startPeriod') ?? 0,
      limit: number(period, 'limit') ?? 0,
      numberPhases: int32(period, 'numberPhases'),
    })),
  };
}

function isDc(transfer: unknown): boolean {
  return typeof transfer === 'string' && transfer.startsWith('DC');
}

function number(object: JsonObject, key: string): number | null {
  const value = object[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Power of the phases that the car tells one by one; the first stands for all where it is alone. */
function summed(object: JsonObject, key: string): number | null {
  const first = number(object, key);
  if (first === null) return null;
  return first + (number(object, `${key}_L2`) ?? 0) + (number(object, `${key}_L3`) ?? 0);
}
