import type { JsonObject } from '@kilowatch/ocpp';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { ACCEPTED, result } from '../reply.js';
import { answeredCommands, commandCase, neverSent } from '../shared/command-case.js';
import { started } from '../shared/steps2.js';
import { K_CHARGING_NEEDS } from './k-charging-needs.js';

const schedule = (over: JsonObject = {}): JsonObject => ({
  id: 1,
  chargingRateUnit: 'A',
  startSchedule: '2026-03-01T00:00:00Z',
  duration: 86_400,
  chargingSchedulePeriod: [
    { startPeriod: 0, limit: 16 },
    { startPeriod: 3_600, limit: 8.5, numberPhases: 3 },
  ],
  ...over,
});

export const profile = (chargingProfilePurpose: string, over: JsonObject = {}): JsonObject => ({
  id: 1,
  stackLevel: 0,
  chargingProfilePurpose,
  chargingProfileKind: 'Absolute',
  chargingSchedule: [schedule()],
  ...over,
});

const onEvse = (evseId: number, chargingProfile: JsonObject): JsonObject => ({ evseId, chargingProfile });

const composite = (id: string, title: string, evseId: number, unit: string): ConformanceCase =>
  commandCase({
    id,
    requirement: 'K08',
    title,
    action: 'GetCompositeSchedule',
    payload: { evseId, duration: 300, chargingRateUnit: unit },
    reply: result({
      status: 'Accepted',
      schedule: {
        evseId,
        duration: 300,
        scheduleStart: '2026-03-01T00:00:00Z',
        chargingRateUnit: unit,
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
      },
    }),
    then: async (_context, told) => {
      holds('the schedule', told.payload, { schedule: { chargingSchedulePeriod: [{ limit: 16 }] } });
    },
  });

const told = (
  id: string,
  requirement: string,
  title: string,
  action: string,
  payload: JsonObject,
): ConformanceCase => ({
  id,
  requirement,
  title,
  run: async (context) => {
    equals('the answer', await context.call(action, payload), {});
    await context.shows('the notice', 'notices(first: 1) { edges { node { action content } } }', {
      notices: { edges: [{ node: { action, content: JSON.stringify(payload) } }] },
    });
  },
});

const reported = (id: string, title: string, criteria: JsonObject, evseId?: number): ConformanceCase => ({
  id,
  requirement: 'K09',
  title,
  run: async (context) => {
    const payload = { requestId: 29, ...(evseId === undefined ? {} : { evseId }), chargingProfile: criteria };
    await context.commands('GetChargingProfiles', payload, ACCEPTED, 'ACCEPTED');
    for (const tbc of [true, false]) {
      const answer = await context.call('ReportChargingProfiles', {
        requestId: 29,
        chargingLimitSource: 'CSO',
        evseId: evseId ?? 1,
        tbc,
        chargingProfile: [profile('TxDefaultProfile')],
      });
      equals('the answer', answer, {});
    }
  },
});

export const K_SMART_CHARGING: readonly ConformanceCase[] = [
  ...answeredCommands('K01', [
    [
      'TC_K_01_CSMS',
      'a default profile for one EVSE',
      'SetChargingProfile',
      onEvse(1, profile('TxDefaultProfile')),
    ],
    [
      'TC_K_02_CSMS',
      'a default profile for all EVSEs',
      'SetChargingProfile',
      onEvse(0, profile('TxDefaultProfile')),
    ],
    [
      'TC_K_03_CSMS',
      'a limit of the whole station',
      'SetChargingProfile',
      onEvse(0, profile('ChargingStationMaxProfile')),
    ],
    [
      'TC_K_04_CSMS',
      'a profile in place of the one with its id',
      'SetChargingProfile',
      onEvse(1, profile('TxDefaultProfile', { stackLevel: 1 })),
    ],
    [
      'TC_K_10_CSMS',
      'the station rejects a profile',
      'SetChargingProfile',
      onEvse(1, profile('TxDefaultProfile')),
      'Rejected',
    ],
    [
      'TC_K_11_CSMS',
      'a relative profile in watts',
      'SetChargingProfile',
      onEvse(
        1,
        profile('TxDefaultProfile', {
          chargingProfileKind: 'Relative',
          chargingSchedule: [
            { id: 2, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_400 }] },
          ],
        }),
      ),
    ],
    [
      'TC_K_12_CSMS',
      'a profile that recurs weekly, valid for a while',
      'SetChargingProfile',
      onEvse(
        1,
        profile('TxDefaultProfile', {
          chargingProfileKind: 'Recurring',
          recurrencyKind: 'Weekly',
          validFrom: '2026-03-01T00:00:00Z',
          validTo: '2027-03-01T00:00:00Z',
        }),
      ),
    ],
    [
      'TC_K_13_CSMS',
      'one phase, and which',
      'SetChargingProfile',
      onEvse(
        1,
        profile('TxDefaultProfile', {
          chargingSchedule: [
            schedule({
              chargingSchedulePeriod: [{ startPeriod: 0, limit: 16, numberPhases: 1, phaseToUse: 2 }],
            }),
          ],
        }),
      ),
    ],
  ]),
  {
    id: 'TC_K_15_CSMS',
    requirement: 'K01',
    title: 'a profile for a running transaction names it',
    run: async (context) => {
      const { id: transactionId } = await started(context);
      const payload = onEvse(1, profile('TxProfile', { transactionId }));
      await context.commands('SetChargingProfile', payload, ACCEPTED, 'ACCEPTED');
    },
  },
  neverSent(
    'TC_K_16_CSMS',
    'K01',
    'a profile that breaks the schema never reaches the station',
    'SetChargingProfile',
    onEvse(1, profile('Whatever')),
  ),
  ...answeredCommands('K10', [
    ['TC_K_05_CSMS', 'a profile is cleared by its id', 'ClearChargingProfile', { chargingProfileId: 1 }],
    [
      'TC_K_06_CSMS',
      'profiles are cleared by EVSE, purpose and level',
      'ClearChargingProfile',
      {
        chargingProfileCriteria: { evseId: 1, chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 0 },
      },
    ],
    [
      'TC_K_08_CSMS',
      'there was nothing to clear',
      'ClearChargingProfile',
      { chargingProfileId: 99 },
      'Unknown',
    ],
    [
      'TC_K_09_CSMS',
      'all profiles of a purpose are cleared',
      'ClearChargingProfile',
      {
        chargingProfileCriteria: { chargingProfilePurpose: 'ChargingStationMaxProfile' },
      },
    ],
  ]),
  reported(
    'TC_K_29_CSMS',
    'the profiles of one EVSE are asked for, and told',
    { chargingProfilePurpose: 'TxDefaultProfile' },
    1,
  ),
  reported('TC_K_30_CSMS', 'the profiles of the station are asked for by level', { stackLevel: 0 }, 0),
  reported('TC_K_31_CSMS', 'the profiles of all EVSEs, by source', { chargingLimitSource: ['CSO'] }),
  reported('TC_K_32_CSMS', 'profiles by their ids', { chargingProfileId: [1, 2] }),
  ...answeredCommands('K09', [
    [
      'TC_K_33_CSMS',
      'there are no such profiles',
      'GetChargingProfiles',
      { requestId: 33, chargingProfile: { stackLevel: 9 } },
      'NoProfiles',
    ],
  ]),
  ...answeredCommands('K05', [
    [
      'TC_K_37_CSMS',
      'a remote start with a profile',
      'RequestStartTransaction',
      ({ cards }) => ({
        remoteStartId: 37,
        evseId: 1,
        idToken: { idToken: cards.card, type: 'ISO14443' },
        chargingProfile: profile('TxProfile'),
      }),
    ],
    [
      'TC_K_38_CSMS',
      'a remote start with a profile is rejected',
      'RequestStartTransaction',
      ({ cards }) => ({
        remoteStartId: 38,
        evseId: 1,
        idToken: { idToken: cards.card, type: 'ISO14443' },
        chargingProfile: profile('TxProfile'),
      }),
      'Rejected',
    ],
  ]),
  composite('TC_K_43_CSMS', 'the composite schedule of an EVSE', 1, 'A'),
  composite('TC_K_44_CSMS', 'the composite schedule of the station', 0, 'W'),
  ...answeredCommands('K08', [
    [
      'TC_K_47_CSMS',
      'an EVSE of which there is no schedule',
      'GetCompositeSchedule',
      { evseId: 9, duration: 300 },
      'Rejected',
    ],
  ]),
  told('TC_K_48_CSMS', 'K11', 'a limit from outside begins: acknowledged and kept', 'NotifyChargingLimit', {
    evseId: 1,
    chargingLimit: { chargingLimitSource: 'EMS', isGridCritical: true },
  }),
  told('TC_K_50_CSMS', 'K12', 'a limit from outside with its schedule', 'NotifyChargingLimit', {
    chargingLimit: { chargingLimitSource: 'SO' },
    chargingSchedule: [schedule()],
  }),
  told('TC_K_51_CSMS', 'K13', 'a limit from outside is over', 'ClearedChargingLimit', {
    chargingLimitSource: 'EMS',
    evseId: 1,
  }),
  {
    id: 'TC_K_52_CSMS',
    requirement: 'K14',
    title: 'the charging rate changed by a limit from outside: the transaction tells it',
    run: async (context) => {
      const transaction = await started(context);
      await transaction.update({ trigger: 'ChargingRateChanged', minutes: 10, wh: 2_000 });
      await context.session(transaction.id, ({ energyWh }) => energyWh === 1_000, 'at 1000 Wh');
    },
  },
  ...K_CHARGING_NEEDS,
];
