import type { JsonObject } from '@kilowatch/ocpp';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { ACCEPTED, result } from '../reply.js';
import { commandCase, neverSent } from '../shared/command-case.js';
import { startAccepted } from '../shared/steps16.js';

const profile = (purpose: string, over: JsonObject = {}): JsonObject => ({
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: purpose,
  chargingProfileKind: 'Absolute',
  chargingSchedule: {
    duration: 86_400,
    startSchedule: '2026-03-01T00:00:00Z',
    chargingRateUnit: 'A',
    chargingSchedulePeriod: [
      { startPeriod: 0, limit: 16 },
      { startPeriod: 3_600, limit: 8.5, numberPhases: 3 },
    ],
  },
  ...over,
});

const set = (
  id: string,
  title: string,
  connectorId: number,
  csChargingProfiles: JsonObject,
  word = 'Accepted',
): ConformanceCase =>
  commandCase({
    id,
    requirement: '5.16',
    title,
    action: 'SetChargingProfile',
    payload: { connectorId, csChargingProfiles },
    word,
  });

const clear = (id: string, title: string, payload: JsonObject, word = 'Accepted'): ConformanceCase =>
  commandCase({
    id,
    requirement: '5.5',
    title,
    action: 'ClearChargingProfile',
    payload,
    word,
  });

const schedule = (id: string, title: string, connectorId: number, unit?: string): ConformanceCase =>
  commandCase({
    id,
    requirement: '5.7',
    title,
    action: 'GetCompositeSchedule',
    payload: { connectorId, duration: 300, ...(unit ? { chargingRateUnit: unit } : {}) },
    reply: result({
      status: 'Accepted',
      connectorId,
      scheduleStart: '2026-03-01T00:00:00Z',
      chargingSchedule: {
        chargingRateUnit: unit ?? 'A',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
      },
    }),
    then: async (_context, told) => {
      holds('the schedule', told.payload, {
        connectorId,
        chargingSchedule: { chargingSchedulePeriod: [{ limit: 16 }] },
      });
    },
  });

export const SMART_CHARGING: readonly ConformanceCase[] = [
  set('TC_056_CSMS', 'a default profile for the sessions of the station', 0, profile('TxDefaultProfile')),
  set('TC_056_2_CSMS', 'a default profile for one connector', 1, profile('TxDefaultProfile')),
  set('TC_056_3_CSMS', 'a limit of the whole station', 0, profile('ChargePointMaxProfile')),
  {
    id: 'TC_057_CSMS',
    requirement: '5.16',
    title: 'a profile for a running session names its transaction',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      const payload = { connectorId: 1, csChargingProfiles: profile('TxProfile', { transactionId }) };
      await context.commands('SetChargingProfile', payload, ACCEPTED, 'ACCEPTED');
    },
  },
  set(
    'TC_058_1_CSMS',
    'a session profile without a session is rejected by the station',
    1,
    profile('TxProfile', { transactionId: 1 }),
    'Rejected',
  ),
  set(
    'TC_058_2_CSMS',
    'a profile to a station without smart charging',
    1,
    profile('TxDefaultProfile'),
    'NotSupported',
  ),
  set(
    'KW_16_030_CSMS',
    'a relative profile',
    1,
    profile('TxDefaultProfile', {
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_400 }] },
    }),
  ),
  set(
    'KW_16_031_CSMS',
    'a profile that recurs daily, valid for a while',
    1,
    profile('TxDefaultProfile', {
      chargingProfileKind: 'Recurring',
      recurrencyKind: 'Daily',
      validFrom: '2026-03-01T00:00:00Z',
      validTo: '2027-03-01T00:00:00Z',
    }),
  ),
  ...[
    ['TC_059_CSMS', 'Accepted', 'a remote start with a profile'] as const,
    ['TC_060_CSMS', 'Rejected', 'a remote start with a profile is rejected'] as const,
  ].map(([id, word, title]) =>
    commandCase({
      id,
      requirement: '5.11, 5.16.2',
      title,
      action: 'RemoteStartTransaction',
      payload: ({ cards }) => ({
        connectorId: 1,
        idTag: cards.card,
        chargingProfile: profile('TxProfile'),
      }),
      word,
    }),
  ),
  schedule('TC_066_1_CSMS', 'the composite schedule of a connector, in amperes', 1, 'A'),
  schedule('TC_066_2_CSMS', 'the composite schedule of the station, in watts', 0, 'W'),
  schedule('TC_066_3_CSMS', 'the composite schedule without a unit', 1),
  commandCase({
    id: 'TC_066_4_CSMS',
    requirement: '5.7',
    title: 'the station rejects to tell its schedule',
    action: 'GetCompositeSchedule',
    payload: { connectorId: 2, duration: 60 },
    word: 'Rejected',
  }),
  clear('TC_067_1_CSMS', 'one profile is cleared by its id', { id: 1 }),
  clear('TC_067_2_CSMS', 'profiles are cleared by connector, purpose and level', {
    connectorId: 1,
    chargingProfilePurpose: 'TxDefaultProfile',
    stackLevel: 0,
  }),
  clear('TC_067_3_CSMS', 'all profiles are cleared', {}),
  clear('TC_067_4_CSMS', 'nothing was there to clear', { id: 99 }, 'Unknown'),
  {
    id: 'TC_072_CSMS',
    requirement: '3.13.2',
    title: 'profiles of two stack levels are sent one after the other, unchanged',
    run: async (context) => {
      for (const stackLevel of [0, 1]) {
        const csChargingProfiles = profile('TxDefaultProfile', {
          stackLevel,
          chargingProfileId: 10 + stackLevel,
        });
        await context.commands(
          'SetChargingProfile',
          { connectorId: 1, csChargingProfiles },
          ACCEPTED,
          'ACCEPTED',
        );
      }
      equals('profiles sent', context.station.count('SetChargingProfile'), 2);
    },
  },
  neverSent(
    'KW_16_032_CSMS',
    '5.16',
    'a profile with a purpose that does not exist never reaches the station',
    'SetChargingProfile',
    { connectorId: 1, csChargingProfiles: profile('Whatever') },
  ),
];
