import type { JsonObject } from '@kilowatch/ocpp';
import type { ConformanceCase } from '../conformance-case.js';
import { holds } from '../judge.js';
import { result } from '../reply.js';
import { answeredCommands, commandCase } from '../shared/command-case.js';
import { tokenOf } from '../shared/steps2.js';
import { profile } from '../v201/k-smart-charging.js';

const TARIFF: JsonObject = {
  tariffId: 'day-1',
  currency: 'EUR',
  energy: { prices: [{ priceKwh: 0.35 }], taxRates: [{ type: 'vat', tax: 21 }] },
};

const GRADIENT = { priority: 1, gradient: 10, softGradient: 5 };

export const COMMANDS_21: readonly ConformanceCase[] = [
  ...answeredCommands('I07', [
    ['TC_I_111_CSMS', 'a tariff is set for all EVSEs', 'SetDefaultTariff', { evseId: 0, tariff: TARIFF }],
    [
      'TC_I_112_CSMS',
      'the station does not take the tariff',
      'SetDefaultTariff',
      { evseId: 1, tariff: TARIFF },
      'TooManyElements',
    ],
    [
      'TC_I_113_CSMS',
      'a tariff of this id is there',
      'SetDefaultTariff',
      { evseId: 1, tariff: TARIFF },
      'DuplicateTariffId',
    ],
  ]),
  ...answeredCommands('I11', [
    [
      'TC_I_114_CSMS',
      'the tariff of a transaction is changed',
      'ChangeTransactionTariff',
      { transactionId: 'a-transaction', tariff: TARIFF },
    ],
    [
      'TC_I_115_CSMS',
      'there is no such transaction',
      'ChangeTransactionTariff',
      { transactionId: 'none', tariff: TARIFF },
      'TxNotFound',
    ],
    [
      'TC_I_116_CSMS',
      'the currency would change',
      'ChangeTransactionTariff',
      { transactionId: 'x', tariff: TARIFF },
      'NoCurrencyChange',
    ],
  ]),
  commandCase({
    id: 'TC_I_117_CSMS',
    requirement: 'I09',
    title: 'the tariffs of the station are asked for',
    action: 'GetTariffs',
    payload: { evseId: 0 },
    reply: result({
      status: 'Accepted',
      tariffAssignments: [{ tariffId: 'day-1', tariffKind: 'DefaultTariff', evseIds: [1, 2] }],
    }),
    then: async (_context, told) => {
      holds('what is told', told.payload, { tariffAssignments: [{ tariffId: 'day-1' }] });
    },
  }),
  ...answeredCommands('I09', [
    ['TC_I_118_CSMS', 'the station has no tariff', 'GetTariffs', { evseId: 1 }, 'NoTariff'],
  ]),
  commandCase({
    id: 'TC_I_119_CSMS',
    requirement: 'I10',
    title: 'tariffs are cleared, each with its outcome',
    action: 'ClearTariffs',
    payload: { tariffIds: ['day-1', 'night-1'] },
    reply: result({
      clearTariffsResult: [
        { tariffId: 'day-1', status: 'Accepted' },
        { tariffId: 'night-1', status: 'NoTariff' },
      ],
    }),
    then: async (_context, told) => {
      holds('what is told', told.payload, { clearTariffsResult: [{}, { status: 'NoTariff' }] });
    },
  }),
  ...answeredCommands('K28, K29', [
    [
      'TC_K_111_CSMS',
      'a dynamic profile',
      'SetChargingProfile',
      {
        evseId: 1,
        chargingProfile: profile('TxDefaultProfile', {
          chargingProfileKind: 'Dynamic',
          dynUpdateInterval: 30,
        }),
      },
    ],
    [
      'TC_K_112_CSMS',
      'a dynamic schedule gets its next limit',
      'UpdateDynamicSchedule',
      { chargingProfileId: 1, scheduleUpdate: { limit: 7_000 } },
    ],
    [
      'TC_K_113_CSMS',
      'there is no dynamic schedule',
      'UpdateDynamicSchedule',
      { chargingProfileId: 9, scheduleUpdate: { limit: 1 } },
      'Rejected',
    ],
    [
      'TC_K_114_CSMS',
      'a priority profile',
      'SetChargingProfile',
      { evseId: 1, chargingProfile: profile('PriorityCharging') },
    ],
    [
      'TC_K_117_CSMS',
      'a profile of a local generation',
      'SetChargingProfile',
      { evseId: 0, chargingProfile: profile('LocalGeneration') },
    ],
  ]),
  ...answeredCommands('K21', [
    [
      'TC_K_115_CSMS',
      'priority charging is switched on',
      'UsePriorityCharging',
      { transactionId: 'a-transaction', activate: true },
    ],
    [
      'TC_K_116_CSMS',
      'there is no priority profile',
      'UsePriorityCharging',
      { transactionId: 'a-transaction', activate: true },
      'NoProfile',
    ],
  ]),
  ...answeredCommands('R01', [
    [
      'TC_R_111_CSMS',
      'a control of the grid is set',
      'SetDERControl',
      { isDefault: true, controlId: 'ctl-1', controlType: 'Gradients', gradient: GRADIENT },
    ],
    [
      'TC_R_112_CSMS',
      'the control is not supported',
      'SetDERControl',
      {
        isDefault: false,
        controlId: 'ctl-2',
        controlType: 'LimitMaxDischarge',
        limitMaxDischarge: { priority: 1, pctMaxDischargePower: 50 },
      },
      'NotSupported',
    ],
  ]),
  ...answeredCommands('R02, R03', [
    ['TC_R_113_CSMS', 'the controls of the grid are asked for', 'GetDERControl', { requestId: 13 }],
    [
      'TC_R_114_CSMS',
      'there is no such control',
      'GetDERControl',
      { requestId: 14, controlId: 'none' },
      'NotFound',
    ],
    ['TC_R_115_CSMS', 'a control is cleared', 'ClearDERControl', { isDefault: false, controlId: 'ctl-1' }],
    [
      'TC_R_116_CSMS',
      'there is no control to clear',
      'ClearDERControl',
      { isDefault: true, controlType: 'Gradients' },
      'NotFound',
    ],
  ]),
  ...answeredCommands('Q09', [
    [
      'TC_Q_111_CSMS',
      'a signal of the balancing market',
      'AFRRSignal',
      { timestamp: '2026-03-01T00:00:00Z', signal: 42 },
    ],
    [
      'TC_Q_112_CSMS',
      'the signal is not taken',
      'AFRRSignal',
      { timestamp: '2026-03-01T00:00:00Z', signal: -1 },
      'Rejected',
    ],
  ]),
  ...answeredCommands('Q02', [
    [
      'TC_Q_113_CSMS',
      'which ways of charging are allowed',
      'NotifyAllowedEnergyTransfer',
      { transactionId: 'a-transaction', allowedEnergyTransfer: ['AC_three_phase', 'DC_BPT'] },
    ],
  ]),
  ...answeredCommands('S01', [
    [
      'TC_S_111_CSMS',
      'a battery swap is started from the app',
      'RequestBatterySwap',
      { requestId: 11, idToken: tokenOf('A1B2C3D4') },
    ],
    [
      'TC_S_112_CSMS',
      'the swap is rejected',
      'RequestBatterySwap',
      { requestId: 12, idToken: tokenOf('A1B2C3D4') },
      'Rejected',
    ],
  ]),
  ...answeredCommands('N12', [
    [
      'TC_N_111_CSMS',
      'a stream of events is slowed down',
      'AdjustPeriodicEventStream',
      { id: 1, params: { interval: 120 } },
    ],
    [
      'TC_N_112_CSMS',
      'there is no such stream',
      'AdjustPeriodicEventStream',
      { id: 9, params: { values: 5 } },
      'Rejected',
    ],
  ]),
  commandCase({
    id: 'TC_N_113_CSMS',
    requirement: 'N14',
    title: 'the open streams are asked for',
    action: 'GetPeriodicEventStream',
    payload: {},
    reply: result({ constantStreamData: [{ id: 1, variableMonitoringId: 7, params: { interval: 60 } }] }),
    then: async (_context, told) => {
      holds('what is told', told.payload, { constantStreamData: [{ id: 1 }] });
    },
  }),
  commandCase({
    id: 'TC_C_111_CSMS',
    requirement: 'C25',
    title: 'somebody began to pay on the web: the station holds the EVSE',
    action: 'NotifyWebPaymentStarted',
    payload: { evseId: 1, timeout: 300 },
    reply: result({}),
  }),
  ...answeredCommands('F06', [
    [
      'TC_F_111_CSMS',
      'a trigger of the vendor’s own',
      'TriggerMessage',
      { requestedMessage: 'CustomTrigger', customTrigger: 'SelfTest' },
    ],
  ]),
  ...answeredCommands('B09', [
    [
      'TC_B_111_CSMS',
      'a network profile with name and password of its own',
      'SetNetworkProfile',
      {
        configurationSlot: 1,
        connectionData: {
          ocppVersion: 'OCPP21',
          ocppTransport: 'JSON',
          ocppCsmsUrl: 'wss://ocpp.example.org/ocpp',
          messageTimeout: 30,
          securityProfile: 2,
          ocppInterface: 'Any',
          identity: 'CS-1',
          basicAuthPassword: 'a-password-nobody-shall-see',
        },
      },
    ],
    [
      'TC_B_112_CSMS',
      'a station resets and resumes its transactions',
      'Reset',
      { type: 'ImmediateAndResume' },
    ],
  ]),
];
