import type { JsonObject } from '@kilowatch/ocpp';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { ACCEPTED, result } from '../reply.js';
import { answeredCommands, commandCase, orderedCommands } from '../shared/command-case.js';
import { subprotocolCases } from '../shared/door.js';
import { endedWith, numberOf, report, reported, reportStatus, started, stopped } from '../shared/steps2.js';

const place = (component: string, variable: string) => ({
  component: { name: component },
  variable: { name: variable },
});
const HEARTBEAT = place('OCPPCommCtrlr', 'HeartbeatInterval');
const SAMPLE = place('SampledDataCtrlr', 'TxUpdatedInterval');

const getVariables = (
  id: string,
  title: string,
  asked: readonly JsonObject[],
  answered: readonly JsonObject[],
): ConformanceCase =>
  commandCase({
    id,
    requirement: 'B06',
    title,
    action: 'GetVariables',
    payload: { getVariableData: [...asked] },
    reply: result({ getVariableResult: [...answered] }),
    then: async (_context, told) => {
      holds('what is told', told.payload, { getVariableResult: answered });
    },
  });

const setVariables = (
  id: string,
  title: string,
  data: readonly JsonObject[],
  words: readonly string[],
): ConformanceCase =>
  commandCase({
    id,
    requirement: 'B05',
    title,
    action: 'SetVariables',
    payload: { setVariableData: data.map((each) => ({ ...each, attributeValue: '60' })) },
    reply: result({
      setVariableResult: data.map((each, i) => ({ ...each, attributeStatus: words[i] })),
    }),
    outcome: words.every((word) => word === 'Accepted' || word === 'RebootRequired')
      ? 'ACCEPTED'
      : 'REJECTED',
    word: words.find((word) => word !== 'Accepted') ?? 'Accepted',
  });

const baseReport = (id: string, reportBase: string, word?: string) =>
  answeredCommands('B07', [
    [
      id,
      `${reportBase} is asked for${word ? `: ${word}` : ''}`,
      'GetBaseReport',
      { requestId: 12, reportBase },
      word,
    ],
  ]);

const inPending = (id: string, title: string, action: string, payload: JsonObject): ConformanceCase => ({
  id,
  requirement: 'B02',
  title,
  registration: 'PENDING',
  run: async (context) => {
    const answer = await context.station.ask(action, payload);
    equals('the answer', answer.kind === 'error' && answer.code, 'SecurityError');
  },
});

export const B_PROVISIONING: readonly ConformanceCase[] = [
  {
    id: 'TC_B_01_CSMS',
    requirement: 'B01',
    title: 'cold boot: accepted, connectors shown, heartbeat with the time',
    begins: 'connected',
    run: async (context) => {
      const answer = await context.boot();
      equals('status', answer['status'], 'Accepted');
      must(Number(answer['interval']) > 0, 'the interval is not above 0');
      await reportStatus(context, 'Available', 1);
      await reportStatus(context, 'Unavailable', 2);
      await context.connectorShows('AVAILABLE', 1);
      await context.connectorShows('UNAVAILABLE', 2);
      const { currentTime } = await context.call('Heartbeat', {});
      must(Math.abs(Date.parse(String(currentTime)) - Date.now()) < 10_000, 'the time is wrong');
      await context.shows('the station', 'online vendor model', {
        online: true,
        vendor: 'Kilowatch',
        model: 'Scripted',
      });
    },
  },
  {
    id: 'TC_B_02_CSMS',
    requirement: 'B02',
    title: 'a station that waits for its operator: Pending, then Accepted once it is let in',
    registration: 'PENDING',
    begins: 'connected',
    run: async (context) => {
      equals('the first boot', (await context.boot())['status'], 'Pending');
      await context.mutate('setStationRegistration', 'station { id }', { registration: 'ACCEPTED' });
      equals('the next boot', (await context.boot({ reason: 'Triggered' }))['status'], 'Accepted');
    },
  },
  {
    id: 'TC_B_03_CSMS',
    requirement: 'B03',
    title: 'a station that its operator rejected: Rejected, with the time to try again',
    registration: 'REJECTED',
    begins: 'connected',
    run: async (context) => {
      const answer = await context.boot();
      equals('status', answer['status'], 'Rejected');
      must(Number(answer['interval']) > 0, 'the interval is not above 0');
    },
  },
  inPending('TC_B_30_CSMS', 'a pending station may not authorise: SecurityError', 'Authorize', {
    idToken: { idToken: 'A1', type: 'ISO14443' },
  }),
  {
    id: 'TC_B_31_CSMS',
    requirement: 'B02',
    title: 'a pending station is asked for variables and a report, and may tell it',
    registration: 'PENDING',
    run: async (context) => {
      await context.commands(
        'GetBaseReport',
        { requestId: 31, reportBase: 'FullInventory' },
        ACCEPTED,
        'ACCEPTED',
      );
      await report(context, 31, [[reported('OCPPCommCtrlr', 'HeartbeatInterval', '300')]]);
    },
  },
  {
    id: 'TC_B_32_CSMS',
    requirement: 'B01',
    title: 'a station that was accepted before and does not boot again works on',
    run: async (context) => {
      context.station.vanish();
      await context.connect();
      await context.call('Heartbeat', {});
      const { idTokenInfo } = await context.call('Authorize', {
        idToken: { idToken: context.cards.card, type: 'ISO14443' },
      });
      equals('the card', (idTokenInfo as { status: string }).status, 'Accepted');
    },
  },
  getVariables(
    'TC_B_06_CSMS',
    'one variable is asked for',
    [HEARTBEAT],
    [{ ...HEARTBEAT, attributeStatus: 'Accepted', attributeValue: '300' }],
  ),
  getVariables(
    'TC_B_07_CSMS',
    'several variables are asked for',
    [HEARTBEAT, SAMPLE],
    [
      { ...HEARTBEAT, attributeStatus: 'Accepted', attributeValue: '300' },
      { ...SAMPLE, attributeStatus: 'Accepted', attributeValue: '60' },
    ],
  ),
  getVariables(
    'TC_B_08_CSMS',
    'the target of a variable is asked for',
    [{ ...SAMPLE, attributeType: 'Target' }],
    [{ ...SAMPLE, attributeType: 'Target', attributeStatus: 'NotSupportedAttributeType' }],
  ),
  getVariables(
    'TC_B_33_CSMS',
    'a component that the station does not have',
    [place('Nothing', 'X')],
    [{ ...place('Nothing', 'X'), attributeStatus: 'UnknownComponent' }],
  ),
  setVariables('TC_B_09_CSMS', 'one variable is set', [HEARTBEAT], ['Accepted']),
  setVariables('TC_B_10_CSMS', 'several variables are set', [HEARTBEAT, SAMPLE], ['Accepted', 'Accepted']),
  setVariables(
    'TC_B_11_CSMS',
    'of several variables one is rejected: told as rejected',
    [HEARTBEAT, SAMPLE],
    ['Accepted', 'Rejected'],
  ),
  setVariables('TC_B_34_CSMS', 'a variable that needs a reboot', [HEARTBEAT], ['RebootRequired']),
  setVariables(
    'TC_B_35_CSMS',
    'a variable that the station does not have',
    [place('OCPPCommCtrlr', 'X')],
    ['UnknownVariable'],
  ),
  {
    id: 'TC_B_36_CSMS',
    requirement: 'B05',
    title: 'a setting that an operator wants is written, and shown with its outcome',
    run: async (context) => {
      const { sent } = await context.exchange(
        'SetVariables',
        result({ setVariableResult: [{ ...SAMPLE, attributeStatus: 'Accepted' }] }),
        () =>
          context.mutate('setStationSettings', 'settings { variable }', {
            settings: [{ name: 'SampledDataCtrlr.TxUpdatedInterval', value: '45' }],
          }),
      );
      equals('SetVariables', sent, { setVariableData: [{ ...SAMPLE, attributeValue: '45' }] });
      await context.shows(
        'the setting',
        'settings(first: 1, search: "TxUpdatedInterval") { edges { node { wanted { value outcome } } } }',
        { settings: { edges: [{ node: { wanted: { value: '45', outcome: 'ACCEPTED' } } }] } },
      );
    },
  },
  ...baseReport('TC_B_12_CSMS', 'ConfigurationInventory'),
  {
    id: 'TC_B_13_CSMS',
    requirement: 'B07',
    title: 'the full inventory is asked for, comes in pages, and is shown as settings',
    run: async (context) => {
      const { sent } = await context.exchange('GetBaseReport', ACCEPTED, () =>
        context.order('refreshStationSettings'),
      );
      equals('reportBase', sent['reportBase'], 'FullInventory');
      await report(context, numberOf(sent), [
        [reported('OCPPCommCtrlr', 'HeartbeatInterval', '300')],
        [reported('SampledDataCtrlr', 'TxUpdatedInterval', '60')],
        [reported('AuthCtrlr', 'Enabled', 'true')],
      ]);
      await context.shows(
        'the setting',
        'settings(first: 1, search: "TxUpdatedInterval") { edges { node { component value } } } reports { missingPages }',
        {
          settings: { edges: [{ node: { component: 'SampledDataCtrlr', value: '60' } }] },
          reports: [{ missingPages: 0 }],
        },
      );
    },
  },
  ...baseReport('TC_B_14_CSMS', 'SummaryInventory'),
  ...baseReport('TC_B_15_CSMS', 'SummaryInventory', 'NotSupported'),
  ...baseReport('TC_B_16_CSMS', 'ConfigurationInventory', 'EmptyResultSet'),
  ...answeredCommands('B08', [
    ['TC_B_18_CSMS', 'a report by criteria', 'GetReport', { requestId: 18, componentCriteria: ['Problem'] }],
    [
      'TC_B_19_CSMS',
      'a report of one component and variable',
      'GetReport',
      {
        requestId: 19,
        componentVariable: [
          { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'AvailabilityState' } },
        ],
      },
    ],
    [
      'TC_B_17_CSMS',
      'a report of which nothing is left',
      'GetReport',
      { requestId: 17, componentCriteria: ['Active'] },
      'EmptyResultSet',
    ],
  ]),
  ...orderedCommands('B11', [
    [
      'TC_B_20_CSMS',
      'reset without a transaction, at once',
      'resetStation',
      { kind: 'HARD' },
      'Reset',
      { type: 'Immediate' },
    ],
    ['TC_B_23_CSMS', 'reset when idle', 'resetStation', { kind: 'ON_IDLE' }, 'Reset', { type: 'OnIdle' }],
    [
      'TC_B_24_CSMS',
      'the station rejects a reset',
      'resetStation',
      { kind: 'HARD' },
      'Reset',
      { type: 'Immediate' },
      'Rejected',
    ],
  ]),
  {
    id: 'TC_B_21_CSMS',
    requirement: 'B12',
    title: 'reset when idle during a transaction: scheduled, and the transaction goes on',
    run: async (context) => {
      const transaction = await started(context);
      const { told } = await context.exchange('Reset', result({ status: 'Scheduled' }), () =>
        context.order('resetStation', { kind: 'ON_IDLE' }),
      );
      holds('what is told', told, { outcome: 'ACCEPTED', status: 'Scheduled' });
      equals('the state', (await context.session(transaction.id)).state, 'ACTIVE');
      await stopped(transaction);
      await context.station.close();
      await context.connect();
      equals('the boot', (await context.boot({ reason: 'ScheduledReset' }))['status'], 'Accepted');
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_B_22_CSMS',
    requirement: 'B12',
    title: 'reset at once during a transaction: it ends as ImmediateReset',
    run: async (context) => {
      const transaction = await started(context);
      await context.exchange('Reset', ACCEPTED, () => context.order('resetStation', { kind: 'HARD' }));
      await stopped(transaction, 'ResetCommand', 'ImmediateReset');
      context.station.vanish();
      await context.connect();
      await context.boot({ reason: 'RemoteReset' });
      await endedWith(context, transaction, 5_000, 'ImmediateReset');
    },
  },
  ...answeredCommands('B11, B12', [
    ['TC_B_25_CSMS', 'one EVSE is reset at once', 'Reset', { type: 'Immediate', evseId: 1 }],
    ['TC_B_26_CSMS', 'one EVSE is reset when idle', 'Reset', { type: 'OnIdle', evseId: 2 }, 'Scheduled'],
    [
      'TC_B_27_CSMS',
      'the station does not reset one EVSE',
      'Reset',
      { type: 'Immediate', evseId: 1 },
      'Rejected',
    ],
  ]),
  ...(
    [
      ['TC_B_42_CSMS', 'Accepted'],
      ['TC_B_43_CSMS', 'Rejected'],
      ['TC_B_44_CSMS', 'Failed'],
    ] as const
  ).flatMap(([id, word]) =>
    answeredCommands('B09', [
      [
        id,
        `a network profile is set: ${word}`,
        'SetNetworkProfile',
        {
          configurationSlot: 1,
          connectionData: {
            ocppVersion: 'OCPP20',
            ocppTransport: 'JSON',
            ocppCsmsUrl: 'ws://ocpp.example.org/ocpp',
            messageTimeout: 30,
            securityProfile: 1,
            ocppInterface: 'Wireless0',
          },
        },
        word,
      ],
    ]),
  ),
  ...subprotocolCases('part 4, 3.3', ['TC_B_58_CSMS', 'TC_B_58_2_CSMS', 'TC_B_58_3_CSMS']),
];
