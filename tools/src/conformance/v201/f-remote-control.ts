import type { JsonObject } from '@kilowatch/ocpp';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { SILENCE, status } from '../reply.js';
import { answeredCommands, commandCase, orderedCommands } from '../shared/command-case.js';
import { appStart, appStartAccepted, appStop } from '../shared/people.js';
import {
  cardStatus,
  endedWith,
  numberOf,
  reading,
  reportStatus,
  started,
  stopped,
  Transaction,
} from '../shared/steps2.js';
import { minutesAgo } from '../shared/times.js';

/** The station starts what the app asked for. */
async function remotelyStarted(
  context: CaseContext,
  sent: JsonObject,
  trigger = 'RemoteStart',
): Promise<Transaction> {
  const transaction = new Transaction(context);
  const answer = await transaction.start({
    trigger,
    state: 'Charging',
    minutes: 0,
    wh: 1_000,
    card: sent['idToken'] as JsonObject,
    info: { remoteStartId: numberOf(sent, 'remoteStartId') },
  });
  equals('the card', cardStatus(answer), 'Accepted');
  const how = ({ startMethod }: { startMethod: string }) => startMethod === 'COMMAND';
  await context.session(transaction.id, how, 'started by command');
  return transaction;
}

const triggered = (
  id: string,
  requestedMessage: string,
  where: { evseNumber?: number; connectorNumber?: number },
  then: (context: CaseContext) => Promise<unknown>,
): ConformanceCase =>
  commandCase({
    id,
    requirement: 'F06',
    title: `${requestedMessage} is triggered${where.evseNumber ? ` for EVSE ${where.evseNumber}` : ''}, and taken`,
    action: 'TriggerMessage',
    order: ['triggerMessage', { requestedMessage, ...where }],
    then: async (context, _told, sent) => {
      const { evseNumber: id, connectorNumber: connectorId } = where;
      const evse = id ? { evse: { id, ...(connectorId ? { connectorId } : {}) } } : {};
      equals('TriggerMessage', sent, { requestedMessage, ...evse });
      await then(context);
    },
  });

const unlock: Record<string, unknown> = { evseNumber: 1, connectorNumber: 1 };

export const F_REMOTE_CONTROL: readonly ConformanceCase[] = [
  {
    id: 'TC_F_01_CSMS',
    requirement: 'F01',
    title: 'started from the app, cable plugged in first',
    run: async (context) => {
      const driver = await context.driver();
      await reportStatus(context, 'Occupied');
      const sent = await appStartAccepted(context, driver);
      equals('evseId', sent['evseId'], 1);
      holds('the token', sent['idToken'], { type: 'Central' });
      const transaction = await remotelyStarted(context, sent);
      await stopped(transaction, 'StopAuthorized', 'Local', { minutes: 0 });
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_F_02_CSMS',
    requirement: 'F02',
    title: 'started from the app before the cable, and the station authorises first',
    run: async (context) => {
      const sent = await appStartAccepted(context, await context.driver());
      const { idTokenInfo } = await context.call('Authorize', { idToken: sent['idToken'] });
      equals('the token', (idTokenInfo as { status: string }).status, 'Accepted');
      await reportStatus(context, 'Occupied');
      const transaction = await remotelyStarted(context, sent);
      await stopped(transaction, 'StopAuthorized', 'Local', { minutes: 0 });
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_F_03_CSMS',
    requirement: 'F02',
    title: 'started from the app, and the station does not authorise',
    run: async (context) => {
      const sent = await appStartAccepted(context, await context.driver(), 2);
      equals('evseId', sent['evseId'], 2);
      await remotelyStarted(context, sent, 'CablePluggedIn');
    },
  },
  {
    id: 'TC_F_04_CSMS',
    requirement: 'F02',
    title: 'started from the app and never plugged in: nothing is charged',
    run: async (context) => {
      const sent = await appStartAccepted(context, await context.driver());
      const transaction = new Transaction(context);
      await transaction.start({
        trigger: 'RemoteStart',
        minutes: 0,
        wh: 1_000,
        card: sent['idToken'] as JsonObject,
        info: { remoteStartId: numberOf(sent, 'remoteStartId') },
      });
      await transaction.end({
        trigger: 'EVConnectTimeout',
        minutes: 0,
        wh: 1_000,
        info: { stoppedReason: 'Timeout' },
      });
      await endedWith(context, transaction, 0, 'Timeout');
    },
  },
  {
    id: 'TC_F_05_CSMS',
    requirement: 'F01',
    title: 'the station rejects a remote start: the driver is told so',
    run: async (context) => {
      const { told } = await appStart(context, await context.driver(), status('Rejected'));
      equals('what the driver is told', told, { __typename: 'StartRefused', reason: 'STATION_REFUSED' });
    },
  },
  {
    id: 'TC_F_05_2_CSMS',
    requirement: 'F01',
    title: 'a remote start that is never answered is unknown, not done',
    run: async (context) => {
      const payload = { remoteStartId: 5, idToken: { idToken: context.cards.card, type: 'ISO14443' } };
      const { told } = await context.exchange('RequestStartTransaction', SILENCE, () =>
        context.send('RequestStartTransaction', payload, 1),
      );
      equals('the outcome', told.outcome, 'UNKNOWN');
    },
  },
  {
    id: 'TC_F_09_CSMS',
    requirement: 'F03',
    title: 'stopped by a person: RequestStopTransaction names the transaction',
    run: async (context) => {
      const transaction = await started(context);
      const { id } = await context.session(transaction.id);
      const { sent, told } = await appStop(context, context.operator, id);
      equals('RequestStopTransaction', sent, { transactionId: transaction.id });
      equals('what is told', told, { __typename: 'StopRequested' });
      await stopped(transaction, 'RemoteStop', 'Remote');
      await endedWith(context, transaction, 5_000, 'Remote');
    },
  },
  {
    id: 'TC_F_10_CSMS',
    requirement: 'F03',
    title: 'the station rejects a remote stop: the session goes on',
    run: async (context) => {
      const transaction = await started(context);
      const { id } = await context.session(transaction.id);
      const { told } = await appStop(context, context.operator, id, status('Rejected'));
      equals('what is told', told, { __typename: 'StopRefused', reason: 'STATION_REFUSED' });
      equals('the state', (await context.session(transaction.id)).state, 'ACTIVE');
    },
  },
  ...orderedCommands('F05', [
    [
      'TC_F_06_CSMS',
      'unlocked without a transaction',
      'unlockConnector',
      unlock,
      'UnlockConnector',
      { evseId: 1, connectorId: 1 },
      'Unlocked',
    ],
    [
      'TC_F_07_CSMS',
      'the unlock fails',
      'unlockConnector',
      unlock,
      'UnlockConnector',
      { evseId: 1, connectorId: 1 },
      'UnlockFailed',
    ],
    [
      'TC_F_08_CSMS',
      'a connector that the station does not know',
      'unlockConnector',
      unlock,
      'UnlockConnector',
      { evseId: 1 },
      'UnknownConnector',
    ],
  ]),
  {
    id: 'TC_F_08_2_CSMS',
    requirement: 'F05',
    title: 'unlock during a transaction: not unlocked, the transaction goes on',
    run: async (context) => {
      const transaction = await started(context);
      const { told } = await context.exchange('UnlockConnector', status('OngoingAuthorizedTransaction'), () =>
        context.order('unlockConnector', unlock),
      );
      holds('what is told', told, { outcome: 'REJECTED', status: 'OngoingAuthorizedTransaction' });
      equals('the state', (await context.session(transaction.id)).state, 'ACTIVE');
    },
  },
  triggered('TC_F_11_CSMS', 'MeterValues', { evseNumber: 1 }, (context) =>
    context.call('MeterValues', { evseId: 1, meterValue: [reading(1_000, minutesAgo(0), 'Trigger')] }),
  ),
  triggered('TC_F_12_CSMS', 'MeterValues', {}, (context) =>
    context.call('MeterValues', { evseId: 2, meterValue: [reading(1_000, minutesAgo(0), 'Trigger')] }),
  ),
  triggered('TC_F_13_CSMS', 'TransactionEvent', { evseNumber: 1 }, async (context) => {
    const transaction = await started(context);
    await transaction.update({ trigger: 'Trigger', minutes: 5, wh: 3_000, meter: 'Trigger' });
    await context.session(transaction.id, ({ state }) => state === 'ACTIVE');
  }),
  triggered('TC_F_14_CSMS', 'TransactionEvent', {}, () => Promise.resolve()),
  triggered('TC_F_15_CSMS', 'LogStatusNotification', {}, (context) =>
    context.call('LogStatusNotification', { status: 'Idle' }),
  ),
  triggered('TC_F_18_CSMS', 'FirmwareStatusNotification', {}, (context) =>
    context.call('FirmwareStatusNotification', { status: 'Idle' }),
  ),
  triggered('TC_F_19_CSMS', 'PublishFirmwareStatusNotification', {}, (context) =>
    context.call('PublishFirmwareStatusNotification', { status: 'Idle' }),
  ),
  triggered('TC_F_20_CSMS', 'Heartbeat', {}, async (context) => {
    const { currentTime } = await context.call('Heartbeat', {});
    must(/Z$/.test(String(currentTime)), 'currentTime is not in UTC');
  }),
  triggered('TC_F_23_CSMS', 'StatusNotification', { evseNumber: 1, connectorNumber: 1 }, async (context) => {
    await reportStatus(context, 'Available');
    await context.connectorShows('AVAILABLE');
  }),
  triggered('TC_F_24_CSMS', 'StatusNotification', { evseNumber: 2, connectorNumber: 1 }, async (context) => {
    await reportStatus(context, 'Faulted', 2);
    await context.connectorShows('FAULTED', 2);
  }),
  triggered('TC_F_25_CSMS', 'BootNotification', {}, async (context) => {
    equals('status', (await context.boot({ reason: 'Triggered' }))['status'], 'Accepted');
  }),
  triggered('TC_F_26_CSMS', 'SignV2GCertificate', {}, () => Promise.resolve()),
  ...orderedCommands('F06', [
    [
      'TC_F_27_CSMS',
      'the station does not have what is triggered',
      'triggerMessage',
      { requestedMessage: 'MeterValues' },
      'TriggerMessage',
      { requestedMessage: 'MeterValues' },
      'NotImplemented',
    ],
    [
      'TC_F_28_CSMS',
      'the station rejects a trigger',
      'triggerMessage',
      { requestedMessage: 'MeterValues' },
      'TriggerMessage',
      { requestedMessage: 'MeterValues' },
      'Rejected',
    ],
  ]),
  ...answeredCommands('F01', [
    [
      'TC_F_29_CSMS',
      'a remote start without an EVSE, with the group of the token',
      'RequestStartTransaction',
      ({ cards }) => ({
        remoteStartId: 29,
        idToken: { idToken: cards.card, type: 'ISO14443' },
        groupIdToken: { idToken: cards.group, type: 'Central' },
      }),
    ],
  ]),
];
