import type { ConformanceCase } from '../conformance-case.js';
import { equals } from '../judge.js';
import type { CaseContext } from '../case-context.js';
import { commandCase } from '../shared/command-case.js';
import { reportStatus } from '../shared/steps16.js';
import { minutesAgo } from '../shared/times.js';

const triggered = (
  id: string,
  requestedMessage: string,
  then: (context: CaseContext) => Promise<unknown>,
  evseNumber?: number,
): ConformanceCase =>
  commandCase({
    id,
    requirement: '5.17',
    title: `${requestedMessage} is triggered${evseNumber ? ` for connector ${evseNumber}` : ''}, and taken`,
    action: 'TriggerMessage',
    order: ['triggerMessage', { requestedMessage, ...(evseNumber ? { evseNumber } : {}) }],
    frame: { requestedMessage, ...(evseNumber ? { connectorId: evseNumber } : {}) },
    then,
  });

export const REMOTE_TRIGGER: readonly ConformanceCase[] = [
  triggered(
    'TC_054_1_CSMS',
    'MeterValues',
    (context) =>
      context.call('MeterValues', {
        connectorId: 1,
        meterValue: [{ timestamp: minutesAgo(0), sampledValue: [{ value: '1', context: 'Trigger' }] }],
      }),
    1,
  ),
  triggered('TC_054_2_CSMS', 'Heartbeat', (context) => context.call('Heartbeat', {})),
  triggered(
    'TC_054_3_CSMS',
    'StatusNotification',
    async (context) => {
      await reportStatus(context, 'Available');
      await context.connectorShows('AVAILABLE');
    },
    1,
  ),
  triggered('TC_054_4_CSMS', 'DiagnosticsStatusNotification', (context) =>
    context.call('DiagnosticsStatusNotification', { status: 'Idle' }),
  ),
  triggered('TC_054_5_CSMS', 'FirmwareStatusNotification', (context) =>
    context.call('FirmwareStatusNotification', { status: 'Idle' }),
  ),
  triggered('TC_054_6_CSMS', 'BootNotification', async (context) => {
    equals('status', (await context.boot())['status'], 'Accepted');
  }),
  ...(
    [
      ['TC_055_1_CSMS', 'Rejected', 'the station rejects a trigger'],
      ['TC_055_2_CSMS', 'NotImplemented', 'the station does not have what is triggered'],
    ] as const
  ).map(([id, word, title]) =>
    commandCase({
      id,
      requirement: '5.17',
      title,
      action: 'TriggerMessage',
      order: ['triggerMessage', { requestedMessage: 'MeterValues', evseNumber: 1 }],
      frame: { requestedMessage: 'MeterValues', connectorId: 1 },
      word,
    }),
  ),
  commandCase({
    id: 'KW_16_020_CSMS',
    requirement: '5.17',
    title: 'a trigger without a connector names none',
    action: 'TriggerMessage',
    order: ['triggerMessage', { requestedMessage: 'StatusNotification' }],
    then: async (_context, _told, sent) => {
      equals('TriggerMessage', sent, { requestedMessage: 'StatusNotification' });
    },
  }),
];
