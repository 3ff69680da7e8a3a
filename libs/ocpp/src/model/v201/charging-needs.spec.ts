import { describe, expect, it } from 'vitest';
import type { OcppVersion } from '../../version.js';
import { mapCall } from '../mapping.js';

const receivedAt = new Date('2026-03-01T10:00:00Z');
const map = (action: string, payload: object, version: OcppVersion = '2.1') =>
  mapCall(version, action, payload as never, { receivedAt }).message;
const needs = (chargingNeeds: object, over: object = {}, version?: OcppVersion) =>
  map('NotifyEVChargingNeeds', { evseId: 1, chargingNeeds, ...over }, version);

describe('what a car needs', () => {
  it('on AC, per phase', () => {
    const acChargingParameters = {
      energyAmount: 20_000,
      evMinCurrent: 6,
      evMaxCurrent: 32,
      evMaxVoltage: 400,
    };
    const departureTime = '2026-03-01T18:00:00Z';
    const message = needs(
      { requestedEnergyTransfer: 'AC_three_phase', departureTime, acChargingParameters },
      { maxScheduleTuples: 10 },
      '2.0.1',
    );
    expect(message).toEqual({
      type: 'chargingNeeds',
      evseNumber: 1,
      transfer: 'AC_three_phase',
      departureAt: new Date(departureTime),
      maxPeriods: 10,
      energyWh: 20_000,
      minCurrentA: 6,
      maxCurrentA: 32,
      maxVoltageV: 400,
      minPowerW: null,
      maxPowerW: null,
      capacityWh: null,
      stateOfCharge: null,
      fullStateOfCharge: null,
    });
  });

  it('on DC, with its battery; figures of the other kind are not meant', () => {
    const dcChargingParameters = {
      evMaxCurrent: 300,
      evMaxVoltage: 800,
      evMaxPower: 150_000,
      evEnergyCapacity: 80_000,
      stateOfCharge: 20,
      fullSoC: 80,
    };
    const acChargingParameters = { energyAmount: 1, evMinCurrent: 1, evMaxCurrent: 1, evMaxVoltage: 1 };
    const message = needs({ requestedEnergyTransfer: 'DC', dcChargingParameters, acChargingParameters });
    expect(message).toMatchObject({
      energyWh: null,
      minCurrentA: null,
      maxCurrentA: 300,
      maxPowerW: 150_000,
      capacityWh: 80_000,
      stateOfCharge: 20,
      fullStateOfCharge: 80,
      departureAt: null,
      maxPeriods: null,
    });
  });

  it('of ISO 15118-20 is power, per phase or in one', () => {
    const v2xChargingParameters = {
      minChargePower: 1_380,
      maxChargePower: 3_680,
      maxChargePower_L2: 3_680,
      maxChargePower_L3: 3_680,
      evTargetEnergyRequest: 9_000,
      targetSoC: 90,
    };
    const message = needs({ requestedEnergyTransfer: 'AC_three_phase', v2xChargingParameters });
    expect(message).toMatchObject({
      energyWh: 9_000,
      minPowerW: 1_380,
      maxPowerW: 11_040,
      fullStateOfCharge: 90,
    });
  });

  it('that is not said is null', () => {
    const message = needs({ requestedEnergyTransfer: 'AC_single_phase' }, { maxScheduleTuples: 0 });
    expect(message).toMatchObject({ maxPeriods: null, energyWh: null, maxCurrentA: null, maxPowerW: null });
  });
});

describe('the schedule of a car', () => {
  it('is its periods, counted from its time base', () => {
    const chargingSchedule = {
      id: 1,
      chargingRateUnit: 'W',
      duration: 3_600,
      chargingSchedulePeriod: [
        { startPeriod: 0, limit: 11_000.5, numberPhases: 3 },
        { startPeriod: 600, limit: 0 },
      ],
    };
    const timeBase = '2026-03-01T10:05:00Z';
    expect(map('NotifyEVChargingSchedule', { evseId: 2, timeBase, chargingSchedule })).toEqual({
      type: 'carSchedule',
      evseNumber: 2,
      timeBase: new Date(timeBase),
      unit: 'W',
      durationSeconds: 3_600,
      periods: [
        { startSeconds: 0, limit: 11_000.5, numberPhases: 3 },
        { startSeconds: 600, limit: 0, numberPhases: null },
      ],
    });
  });
});
