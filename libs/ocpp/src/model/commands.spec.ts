import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TypedOcppSchemas } from '../schemas/typed-ocpp-schemas.js';
import { OCPP_VERSIONS } from '../version.js';
import type { Command, ProfileRequest } from './command.js';
import { commandCall } from './mapping.js';

const schemas = new TypedOcppSchemas();
const START = new Date('2026-11-21T02:00:00.000Z');

const profile = (fields: Partial<ProfileRequest> = {}): ProfileRequest => ({
  profileId: 5,
  stackLevel: 1,
  purpose: 'TX_DEFAULT_PROFILE',
  periods: [{ startSeconds: 0, limit: { unit: 'A', tenths: 163 } }],
  ...fields,
});
const set = (evseNumber: number, fields: Partial<ProfileRequest> = {}): Command => ({
  type: 'setChargingProfile',
  evseNumber,
  profile: profile(fields),
});
const TOKEN = { value: 'TAG007', type: null };

const CASES: [name: string, command: Command, v16: object, v201: object][] = [
  [
    'remote start on an EVSE',
    { type: 'remoteStart', idToken: TOKEN, remoteStartId: 9, evseNumber: 2 },
    { action: 'RemoteStartTransaction', payload: { idTag: 'TAG007', connectorId: 2 } },
    {
      action: 'RequestStartTransaction',
      payload: { idToken: { idToken: 'TAG007', type: 'Central' }, remoteStartId: 9, evseId: 2 },
    },
  ],
  [
    'remote start with a profile',
    {
      type: 'remoteStart',
      idToken: { value: 'TAG007', type: 'ISO14443' },
      remoteStartId: 9,
      evseNumber: 1,
      chargingProfile: profile({ purpose: 'TX_PROFILE', numberPhases: 3 }),
    },
    {
      action: 'RemoteStartTransaction',
      payload: {
        chargingProfile: {
          chargingProfileId: 5,
          stackLevel: 1,
          chargingProfilePurpose: 'TxProfile',
          chargingProfileKind: 'Relative',
          chargingSchedule: {
            chargingRateUnit: 'A',
            chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.3, numberPhases: 3 }],
          },
        },
      },
    },
    {
      payload: {
        idToken: { type: 'ISO14443' },
        chargingProfile: {
          chargingProfilePurpose: 'TxProfile',
          chargingSchedule: [{ chargingRateUnit: 'A' }],
        },
      },
    },
  ],
  [
    'remote stop',
    { type: 'remoteStop', transactionRef: '1009' },
    { action: 'RemoteStopTransaction', payload: { transactionId: 1009 } },
    { action: 'RequestStopTransaction', payload: { transactionId: '1009' } },
  ],
  [
    'soft reset',
    { type: 'reset', kind: 'SOFT' },
    { payload: { type: 'Soft' } },
    { payload: { type: 'Immediate' } },
  ],
  [
    'hard reset',
    { type: 'reset', kind: 'HARD' },
    { payload: { type: 'Hard' } },
    { payload: { type: 'Immediate' } },
  ],
  [
    'reset of an EVSE when idle',
    { type: 'reset', kind: 'ON_IDLE', evseNumber: 2 },
    { action: 'Reset', payload: { type: 'Soft' } },
    { action: 'Reset', payload: { type: 'OnIdle', evseId: 2 } },
  ],
  [
    'trigger of status',
    { type: 'triggerMessage', requestedMessage: 'StatusNotification', evseNumber: 1, connectorNumber: 1 },
    { action: 'TriggerMessage', payload: { requestedMessage: 'StatusNotification', connectorId: 1 } },
    { payload: { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } } },
  ],
  [
    'trigger of log status',
    { type: 'triggerMessage', requestedMessage: 'LogStatusNotification' },
    { action: 'ExtendedTriggerMessage', payload: { requestedMessage: 'LogStatusNotification' } },
    { action: 'TriggerMessage', payload: { requestedMessage: 'LogStatusNotification' } },
  ],
  [
    'trigger by its 1.6 name',
    { type: 'triggerMessage', requestedMessage: 'SignChargePointCertificate' },
    { action: 'ExtendedTriggerMessage', payload: { requestedMessage: 'SignChargePointCertificate' } },
    { payload: { requestedMessage: 'SignChargingStationCertificate' } },
  ],
  [
    'trigger by its 2.x name',
    { type: 'triggerMessage', requestedMessage: 'TransactionEvent', evseNumber: 1 },
    { action: 'TriggerMessage', payload: { requestedMessage: 'MeterValues', connectorId: 1 } },
    { payload: { requestedMessage: 'TransactionEvent', evse: { id: 1 } } },
  ],
  [
    'whole station out of order',
    { type: 'changeAvailability', operative: false },
    { payload: { connectorId: 0, type: 'Inoperative' } },
    { payload: { operationalStatus: 'Inoperative' } },
  ],
  [
    'EVSE back in order',
    { type: 'changeAvailability', operative: true, evseNumber: 2 },
    { payload: { connectorId: 2, type: 'Operative' } },
    { payload: { operationalStatus: 'Operative', evse: { id: 2 } } },
  ],
  [
    'unlock',
    { type: 'unlockConnector', evseNumber: 2 },
    { payload: { connectorId: 2 } },
    { payload: { evseId: 2, connectorId: 1 } },
  ],
  [
    'default limit',
    set(0, { durationSeconds: 3600 }),
    {
      action: 'SetChargingProfile',
      payload: {
        connectorId: 0,
        csChargingProfiles: {
          chargingProfilePurpose: 'TxDefaultProfile',
          chargingSchedule: { duration: 3600 },
        },
      },
    },
    { payload: { evseId: 0, chargingProfile: { id: 5, chargingSchedule: [{ id: 5, duration: 3600 }] } } },
  ],
  [
    'limit of a transaction in watts',
    set(1, {
      purpose: 'TX_PROFILE',
      transactionRef: '1009',
      periods: [{ startSeconds: 0, limit: { unit: 'W', tenths: 110_400 } }],
    }),
    {
      payload: {
        csChargingProfiles: {
          transactionId: 1009,
          chargingProfilePurpose: 'TxProfile',
          chargingSchedule: {
            chargingRateUnit: 'W',
            chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_040 }],
          },
        },
      },
    },
    { payload: { chargingProfile: { transactionId: '1009', chargingProfilePurpose: 'TxProfile' } } },
  ],
  [
    'station maximum',
    set(0, { purpose: 'STATION_MAX_PROFILE', startAt: START, validTo: START }),
    {
      payload: {
        csChargingProfiles: {
          chargingProfilePurpose: 'ChargePointMaxProfile',
          chargingProfileKind: 'Absolute',
          validTo: '2026-11-21T02:00:00.000Z',
          chargingSchedule: { startSchedule: '2026-11-21T02:00:00.000Z' },
        },
      },
    },
    { payload: { chargingProfile: { chargingProfilePurpose: 'ChargingStationMaxProfile' } } },
  ],
  [
    'clearing by id',
    { type: 'clearChargingProfile', profileId: 5, evseNumber: 1 },
    { payload: { id: 5, connectorId: 1 } },
    { payload: { chargingProfileId: 5 } },
  ],
  [
    'clearing by purpose',
    { type: 'clearChargingProfile', purpose: 'TX_DEFAULT_PROFILE', evseNumber: 0, stackLevel: 0 },
    { payload: { connectorId: 0, chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 0 } },
    {
      payload: {
        chargingProfileCriteria: { evseId: 0, chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 0 },
      },
    },
  ],
  ['clearing everything', { type: 'clearChargingProfile' }, { payload: {} }, { payload: {} }],
  [
    'a raw command',
    { type: 'raw', action: 'ClearCache', payload: {} },
    { action: 'ClearCache', payload: {} },
    { action: 'ClearCache', payload: {} },
  ],
];

describe.each(CASES)('command: %s', (_name, command, v16, v201) => {
  it('is the right call in 1.6 and 2.0.1', () => {
    expect(commandCall('1.6', command)).toMatchObject(v16);
    expect(commandCall('2.0.1', command)).toMatchObject(v201);
  });

  it.each(OCPP_VERSIONS)('is valid by the letter of the schema in %s', (version) => {
    const { action, payload } = commandCall(version, command);
    expect(schemas.validateOutbound(version, action, 'request', payload)).toEqual({ ok: true });
  });

  it('has no null and no undefined in it', () => {
    for (const version of OCPP_VERSIONS) {
      const { payload } = commandCall(version, command);
      expect(JSON.parse(JSON.stringify(payload))).toStrictEqual(payload);
      expect(JSON.stringify(payload)).not.toContain('null');
    }
  });
});

describe('commands that no charger could take', () => {
  const period = (startSeconds: number, tenths = 60, unit: 'A' | 'W' = 'A') => ({
    startSeconds,
    limit: { unit, tenths },
  });

  it.each<[string, Command]>([
    ['OCPP_PROFILE_TRANSACTION_MISSING', set(1, { purpose: 'TX_PROFILE' })],
    ['OCPP_PROFILE_EVSE_MISSING', set(0, { purpose: 'TX_PROFILE', transactionRef: '7' })],
    ['OCPP_PROFILE_TRANSACTION_GIVEN', set(1, { transactionRef: '7' })],
    ['OCPP_PROFILE_EVSE_GIVEN', set(1, { purpose: 'STATION_MAX_PROFILE', startAt: START })],
    ['OCPP_PROFILE_START_MISSING', set(0, { purpose: 'STATION_MAX_PROFILE' })],
    ['OCPP_PROFILE_PERIODS', set(1, { periods: [] })],
    ['OCPP_PROFILE_PERIODS', set(1, { periods: [period(10)] })],
    ['OCPP_PROFILE_PERIODS', set(1, { periods: [period(0), period(60), period(60)] })],
    ['OCPP_PROFILE_UNIT', set(1, { periods: [period(0), period(60, 60, 'W')] })],
    ['OCPP_PROFILE_LIMIT', set(1, { periods: [period(0, 6.5)] })],
    ['OCPP_PROFILE_LIMIT', set(1, { periods: [period(0, -1)] })],
    [
      'OCPP_PROFILE_PURPOSE',
      { type: 'remoteStart', idToken: TOKEN, remoteStartId: 1, chargingProfile: profile() },
    ],
  ])('%s', (code, command) => {
    for (const version of OCPP_VERSIONS) {
      expect(() => commandCall(version, command)).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
    }
  });

  it.each(['', '0', '-1', 'd709cace', '1.5'])('a 1.6 transaction named "%s"', (transactionRef) => {
    expect(() => commandCall('1.6', { type: 'remoteStop', transactionRef })).toThrow(
      expect.objectContaining({ code: 'OCPP_TRANSACTION_REF' }),
    );
  });
});

it('Q44: a token longer than a 1.6 charger holds is not sent to one', () => {
  const start = (value: string): Command => ({
    type: 'remoteStart',
    idToken: { value, type: 'Central' },
    remoteStartId: 1,
    evseNumber: 1,
  });
  const fits = (version: (typeof OCPP_VERSIONS)[number], value: string) => {
    const { action, payload } = commandCall(version, start(value));
    return schemas.validateOutbound(version, action, 'request', payload).ok;
  };
  expect([fits('1.6', 'A'.repeat(20)), fits('1.6', 'A'.repeat(21))]).toEqual([true, false]);
  expect([fits('2.0.1', 'A'.repeat(36)), fits('2.0.1', 'A'.repeat(37))]).toEqual([true, false]);
});

it('Q45: a remote start names its connector', () => {
  const command: Command = { type: 'remoteStart', idToken: TOKEN, remoteStartId: 1, evseNumber: 2 };
  expect(commandCall('1.6', command).payload).toMatchObject({ connectorId: 2 });
  expect(commandCall('2.0.1', command).payload).toMatchObject({ evseId: 2 });
});

it('any whole number of tenths is written with at most one decimal and passes the schema', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000_000 }), (tenths) => {
      const command = set(1, { periods: [{ startSeconds: 0, limit: { unit: 'W', tenths } }] });
      const { action, payload } = commandCall('1.6', command);
      expect(schemas.validateOutbound('1.6', action, 'request', payload)).toEqual({ ok: true });
      const limit = /"limit":([^,}]+)/.exec(JSON.stringify(payload))?.[1];
      expect(limit).toMatch(/^\d+(\.\d)?$/);
      expect(Math.round(Number(limit) * 10)).toBe(tenths);
    }),
  );
});
