import { describe, expect, it } from 'vitest';
import { requireLimits, requireSchedule, scheduleChanges, type DynamicSchedule } from './dynamic-schedule.js';

const profile = (over: object = {}, schedule: object = {}) => ({
  evseId: 1,
  chargingProfile: {
    id: 5,
    stackLevel: 2,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Dynamic',
    dynUpdateInterval: 30,
    chargingSchedule: [
      {
        id: 5,
        chargingRateUnit: 'W',
        duration: 600,
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_000, setpoint_L2: -3 }],
        ...schedule,
      },
    ],
    ...over,
  },
});
const SCHEDULE: DynamicSchedule = {
  profileId: 5,
  evseNumber: 1,
  purpose: 'TxDefaultProfile',
  stackLevel: 2,
  unit: 'W',
  intervalSeconds: 30,
  durationSeconds: 600,
  limits: { limit: 7_000, setpointL2: -3 },
};

describe('what an accepted command means for dynamic schedules', () => {
  it('a dynamic profile is one, and takes the place of the one with its id and of the one at its level', () => {
    expect(scheduleChanges('SetChargingProfile', profile())).toEqual([
      { kind: 'gone', criteria: { profileId: 5 } },
      { kind: 'gone', criteria: { evseNumber: 1, purpose: 'TxDefaultProfile', stackLevel: 2 } },
      { kind: 'set', schedule: SCHEDULE },
    ]);
  });

  it('a profile of another kind only takes places', () => {
    const kinds = scheduleChanges('SetChargingProfile', profile({ chargingProfileKind: 'Absolute' }));
    expect(kinds.map(({ kind }) => kind)).toEqual(['gone', 'gone']);
  });

  it('without an interval the station never asks', () => {
    const [, , set] = scheduleChanges(
      'SetChargingProfile',
      profile({ dynUpdateInterval: 0 }, { duration: 0 }),
    );
    expect(set).toMatchObject({ schedule: { intervalSeconds: null, durationSeconds: null } });
  });

  it('an update changes what it names', () => {
    const payload = { chargingProfileId: 5, scheduleUpdate: { limit: 10, dischargeLimit_L3: -1 } };
    expect(scheduleChanges('UpdateDynamicSchedule', payload)).toEqual([
      { kind: 'updated', profileId: 5, limits: { limit: 10, dischargeLimitL3: -1 } },
    ]);
  });

  it.each([
    [{ chargingProfileId: 0, chargingProfileCriteria: { evseId: 1 } }, { profileId: 0 }],
    [{ chargingProfileCriteria: { evseId: 1, stackLevel: 0 } }, { evseNumber: 1, stackLevel: 0 }],
    [{}, {}],
  ])('clearing %j removes what it names', (payload, criteria) => {
    const [change] = scheduleChanges('ClearChargingProfile', payload);
    expect(change).toMatchObject({ kind: 'gone', criteria });
  });

  it('numbers that nobody keeps name no schedule of ours', () => {
    const far = 2 ** 40;
    expect(scheduleChanges('UpdateDynamicSchedule', { chargingProfileId: far, scheduleUpdate: {} })).toEqual(
      [],
    );
    expect(scheduleChanges('ClearChargingProfile', { chargingProfileId: far })).toEqual([]);
    expect(scheduleChanges('ClearChargingProfile', { chargingProfileCriteria: { evseId: far } })).toEqual([]);
    expect(scheduleChanges('SetChargingProfile', profile({ id: far }))).toEqual([]);
    const csChargingProfiles = { chargingProfileId: 1, stackLevel: 0 };
    expect(scheduleChanges('SetChargingProfile', { connectorId: 1, csChargingProfiles })).toEqual([]);
  });

  it('other commands mean nothing', () => {
    expect(scheduleChanges('Reset', {})).toEqual([]);
  });
});

describe('what may be set', () => {
  it.each([
    [{}],
    [{ limit: -1 }],
    [{ dischargeLimit: 1 }],
    [{ setpoint: Number.NaN }],
    [{ limit: undefined }],
  ])('not the limits %j', (limits) => {
    expect(() => requireLimits(limits)).toThrow(expect.objectContaining({ code: 'SESSIONS_DYNAMIC_LIMITS' }));
  });

  it('discharging is negative, a set point may be either', () => {
    requireLimits({ limit: 0, dischargeLimit: -5_000, setpoint: -1, setpointReactive: 3 });
  });

  it.each([
    [{ profileId: -1 }, 'SESSIONS_DYNAMIC_NUMBER'],
    [{ intervalSeconds: 0 }, 'SESSIONS_DYNAMIC_TIME'],
    [{ durationSeconds: 1e9 }, 'SESSIONS_DYNAMIC_TIME'],
    [{ purpose: 'ChargingStationMaxProfile' }, 'SESSIONS_DYNAMIC_EVSE'],
  ])('not with %j', (over, code) => {
    expect(() => requireSchedule({ ...SCHEDULE, ...over })).toThrow(expect.objectContaining({ code }));
    requireSchedule(SCHEDULE);
  });
});
