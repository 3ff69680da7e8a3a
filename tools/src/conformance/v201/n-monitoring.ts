import type { JsonObject } from '@kilowatch/ocpp';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { ACCEPTED, result } from '../reply.js';
import { answeredCommands, orderedCommands } from '../shared/command-case.js';

const POWER = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Power' } };

const MONITOR = {
  component: 'EVSE',
  evseNumber: 1,
  variable: 'Power',
  kind: 'UPPER_THRESHOLD',
  value: 11_000,
  severity: 5,
};

const SET = 'command { outcome status } results { monitorId status }';

interface SetTold {
  readonly command: { readonly outcome: string };
  readonly results: readonly { readonly monitorId: number | null; readonly status: string }[];
}

async function setMonitor(context: CaseContext, word: string, id?: number, over: object = {}) {
  return context.exchange(
    'SetVariableMonitoring',
    ({ setMonitoringData }) => {
      const [{ type, severity, component, variable }] = setMonitoringData as [JsonObject];
      const answer = { status: word, type, severity, component, variable, ...(id ? { id } : {}) };
      return result({ setMonitoringResult: [answer] });
    },
    () => context.mutate<SetTold>('setVariableMonitoring', SET, { monitors: [{ ...MONITOR, ...over }] }),
  );
}

const set = (id: string, title: string, over: object, frame: JsonObject): ConformanceCase => ({
  id,
  requirement: 'N04',
  title,
  run: async (context) => {
    const { sent, told } = await setMonitor(context, 'Accepted', 7, over);
    holds('SetVariableMonitoring', sent, { setMonitoringData: [{ ...POWER, severity: 5, ...frame }] });
    equals('the results', told.results, [{ monitorId: 7, status: 'Accepted' }]);
    await context.shows('the monitor', 'monitors(first: 1) { edges { node { monitorId component } } }', {
      monitors: { edges: [{ node: { monitorId: 7, component: 'EVSE' } }] },
    });
  },
});

const unset = (id: string, word: string): ConformanceCase => ({
  id,
  requirement: 'N04',
  title: `a monitor is not set: ${word}`,
  run: async (context) => {
    const { told } = await setMonitor(context, word);
    equals('the outcome', told.command.outcome, 'REJECTED');
    equals('the results', told.results, [{ monitorId: null, status: word }]);
  },
});

const cleared = (id: string, word: string): ConformanceCase => ({
  id,
  requirement: 'N06',
  title: `a monitor is cleared: ${word}`,
  run: async (context) => {
    const { sent, told } = await context.exchange(
      'ClearVariableMonitoring',
      result({ clearMonitoringResult: [{ id: 7, status: word }] }),
      () => context.mutate<SetTold>('clearVariableMonitoring', SET, { monitorIds: [7] }),
    );
    equals('ClearVariableMonitoring', sent, { id: [7] });
    equals('the results', told.results, [{ monitorId: 7, status: word }]);
  },
});

/** Fields that only 2.1 has. */
const told21 = ({ version }: CaseContext, fields: JsonObject): JsonObject =>
  version === '2.1' ? fields : {};

const event = (
  id: string,
  title: string,
  over: JsonObject,
  shown: object,
  requirement = 'N07',
): ConformanceCase => ({
  id,
  requirement,
  title,
  run: async (context) => {
    const answer = await context.call('NotifyEvent', {
      generatedAt: new Date().toISOString(),
      seqNo: 0,
      tbc: false,
      eventData: [
        {
          eventId: 1,
          timestamp: new Date().toISOString(),
          trigger: 'Alerting',
          actualValue: '12000',
          eventNotificationType: 'CustomMonitor',
          variableMonitoringId: 7,
          ...POWER,
          ...over,
        },
      ],
    });
    equals('the answer', answer, {});
    await context.shows(
      'the event',
      'deviceEvents(first: 1) { edges { node { trigger actualValue cleared causedByEventId techCode } } }',
      { deviceEvents: { edges: [{ node: shown }] } },
    );
  },
});

const monitoringReport = (id: string, title: string, criteria: JsonObject): ConformanceCase => ({
  id,
  requirement: 'N02',
  title,
  run: async (context) => {
    await context.commands('GetMonitoringReport', { requestId: 1, ...criteria }, ACCEPTED, 'ACCEPTED');
    for (const seqNo of [0, 1]) {
      const answer = await context.call('NotifyMonitoringReport', {
        requestId: 1,
        generatedAt: new Date().toISOString(),
        seqNo,
        tbc: seqNo === 0,
        monitor: [
          {
            ...POWER,
            variableMonitoring: [
              {
                id: 70 + seqNo,
                transaction: false,
                value: 11_000,
                type: 'UpperThreshold',
                severity: 5,
                ...told21(context, { eventNotificationType: 'CustomMonitor' }),
              },
            ],
          },
        ],
      });
      equals('the answer', answer, {});
    }
    await context.stationWhen<{ monitors: { edges: unknown[] } }>(
      'both monitors',
      'monitors(first: 5) { edges { node { monitorId } } }',
      ({ monitors }) => monitors.edges.length === 2,
    );
  },
});

export const N_MONITORING: readonly ConformanceCase[] = [
  monitoringReport('TC_N_01_CSMS', 'monitors are asked for by criteria, and come in pages', {
    monitoringCriteria: ['ThresholdMonitoring'],
  }),
  monitoringReport('TC_N_02_CSMS', 'the monitors of one variable are asked for', {
    componentVariable: [POWER],
  }),
  monitoringReport('TC_N_03_CSMS', 'monitors by criteria and variable', {
    monitoringCriteria: ['DeltaMonitoring', 'PeriodicMonitoring'],
    componentVariable: [POWER],
  }),
  ...answeredCommands('N02', [
    [
      'TC_N_04_CSMS',
      'there are no such monitors',
      'GetMonitoringReport',
      { requestId: 4, monitoringCriteria: ['DeltaMonitoring'] },
      'EmptyResultSet',
    ],
    [
      'TC_N_04_2_CSMS',
      'the criteria are not supported',
      'GetMonitoringReport',
      { requestId: 5, monitoringCriteria: ['PeriodicMonitoring'] },
      'NotSupported',
    ],
  ]),
  ...orderedCommands('N03', [
    [
      'TC_N_05_CSMS',
      'the base: all monitors',
      'setMonitoringBase',
      { base: 'ALL' },
      'SetMonitoringBase',
      { monitoringBase: 'All' },
    ],
    [
      'TC_N_06_CSMS',
      'the base: as delivered',
      'setMonitoringBase',
      { base: 'FACTORY_DEFAULT' },
      'SetMonitoringBase',
      { monitoringBase: 'FactoryDefault' },
    ],
    [
      'TC_N_07_CSMS',
      'the base: hard-wired only',
      'setMonitoringBase',
      { base: 'HARD_WIRED_ONLY' },
      'SetMonitoringBase',
      { monitoringBase: 'HardWiredOnly' },
      'NotSupported',
    ],
  ]),
  set('TC_N_08_CSMS', 'an upper threshold', {}, { type: 'UpperThreshold', value: 11_000 }),
  set(
    'TC_N_09_CSMS',
    'a lower threshold',
    { kind: 'LOWER_THRESHOLD', value: 10 },
    { type: 'LowerThreshold', value: 10 },
  ),
  set('TC_N_10_CSMS', 'a difference', { kind: 'DELTA', value: 100 }, { type: 'Delta' }),
  set('TC_N_11_CSMS', 'periodically', { kind: 'PERIODIC', value: 60 }, { type: 'Periodic' }),
  set(
    'TC_N_12_CSMS',
    'by the clock, only in transactions',
    { kind: 'PERIODIC_CLOCK_ALIGNED', value: 900, onlyInTransaction: true },
    { type: 'PeriodicClockAligned', transaction: true },
  ),
  set('TC_N_13_CSMS', 'a monitor is replaced by its id', { monitorId: 7 }, { id: 7 }),
  unset('TC_N_14_CSMS', 'UnknownVariable'),
  unset('TC_N_14_2_CSMS', 'UnsupportedMonitorType'),
  unset('TC_N_14_3_CSMS', 'Duplicate'),
  ...orderedCommands('N05', [
    [
      'TC_N_16_CSMS',
      'how severe an event must be to be told',
      'setMonitoringLevel',
      { severity: 4 },
      'SetMonitoringLevel',
      { severity: 4 },
    ],
    [
      'TC_N_17_CSMS',
      'the station rejects the level',
      'setMonitoringLevel',
      { severity: 9 },
      'SetMonitoringLevel',
      { severity: 9 },
      'Rejected',
    ],
  ]),
  cleared('TC_N_18_CSMS', 'Accepted'),
  cleared('TC_N_19_CSMS', 'NotFound'),
  cleared('TC_N_20_CSMS', 'Rejected'),
  event(
    'TC_N_21_CSMS',
    'a threshold is passed: its event is shown',
    {},
    { trigger: 'Alerting', actualValue: '12000', cleared: false },
  ),
  event(
    'TC_N_22_CSMS',
    'the value is back: cleared',
    { cleared: true, actualValue: '9000' },
    { cleared: true, actualValue: '9000' },
  ),
  event('TC_N_23_CSMS', 'a periodic event', { trigger: 'Periodic' }, { trigger: 'Periodic' }, 'N08'),
  event(
    'TC_N_24_CSMS',
    'an event that follows from another',
    { cause: 1, eventId: 2, techCode: 'E12' },
    { causedByEventId: 1, techCode: 'E12' },
  ),
];
