import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { ACCEPTED, callError, result, SILENCE, status } from '../reply.js';
import { commandCase } from '../shared/command-case.js';
import { appStart, appStartAccepted, appStop } from '../shared/people.js';
import { sessionEnded } from '../shared/session-ended.js';
import { reportStatus, start, startAccepted, stop } from '../shared/steps16.js';
import { minutesAgo } from '../shared/times.js';

const unlock = ['unlockConnector', { evseNumber: 1, connectorNumber: 1 }] as const;

export const CORE_REMOTE: readonly ConformanceCase[] = [
  {
    id: 'TC_010_CSMS',
    requirement: '5.11',
    title: 'started from the app, cable plugged in first: the session is the driver’s',
    run: async (context) => {
      const driver = await context.driver();
      await reportStatus(context, 'Preparing');
      const { idTag, ...rest } = await appStartAccepted(context, driver);
      equals('RemoteStartTransaction without its idTag', rest, { connectorId: 1 });
      const { transactionId, info } = await start(context, { idTag, timestamp: minutesAgo(0) });
      equals('the card', info['status'], 'Accepted');
      const session = await context.session(transactionId, ({ startMethod }) => startMethod === 'COMMAND');
      const seen = await driver.request<{ session: { state: string } }>(
        'query($id: ID!) { session(id: $id) { state } }',
        { id: session.id },
      );
      equals('what the driver sees', seen.session.state, 'ACTIVE');
      await stop(context, transactionId, { idTag, timestamp: new Date().toISOString() });
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  {
    id: 'TC_011_1_CSMS',
    requirement: '5.11',
    title: 'started from the app before the cable is plugged in',
    run: async (context) => {
      const driver = await context.driver();
      await reportStatus(context, 'Available');
      const { idTag } = await appStartAccepted(context, driver);
      await reportStatus(context, 'Preparing');
      const { transactionId, info } = await start(context, { idTag, timestamp: minutesAgo(0) });
      equals('the card', info['status'], 'Accepted');
      await context.session(transactionId, ({ startMethod }) => startMethod === 'COMMAND');
      await stop(context, transactionId, { idTag, timestamp: new Date().toISOString() });
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  {
    id: 'TC_011_2_CSMS',
    requirement: '5.11, 9.1.4',
    title: 'started from the app and never plugged in: free again, nothing was started',
    run: async (context) => {
      const driver = await context.driver();
      await appStartAccepted(context, driver);
      await reportStatus(context, 'Preparing');
      await reportStatus(context, 'Available');
      await context.connectorShows('AVAILABLE');
      equals('the sessions', await context.sessions(), []);
    },
  },
  {
    id: 'TC_012_CSMS',
    requirement: '5.12',
    title: 'stopped by a person: RemoteStopTransaction names the transaction',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      const { id } = await context.session(transactionId);
      const { sent, told } = await appStop(context, context.operator, id);
      equals('RemoteStopTransaction', sent, { transactionId });
      equals('what is told', told, { __typename: 'StopRequested' });
      await context.call('StopTransaction', {
        transactionId,
        meterStop: 6_000,
        timestamp: minutesAgo(0),
        reason: 'Remote',
      });
      await sessionEnded(context, transactionId, 5_000, 'Remote');
    },
  },
  {
    id: 'TC_026_CSMS',
    requirement: '5.11',
    title: 'the station rejects a remote start: the driver is told so',
    run: async (context) => {
      const { told } = await appStart(context, await context.driver(), status('Rejected'));
      equals('what the driver is told', told, { __typename: 'StartRefused', reason: 'STATION_REFUSED' });
    },
  },
  {
    id: 'TC_027_CSMS',
    requirement: '5.11',
    title: 'a remote start names the connector, and never connector 0',
    run: async (context) => {
      const { sent } = await appStart(context, await context.driver(), status('Rejected'), 2);
      equals('connectorId', sent['connectorId'], 2);
    },
  },
  {
    id: 'TC_028_CSMS',
    requirement: '5.12',
    title: 'the station rejects a remote stop: the session goes on',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      const { id } = await context.session(transactionId);
      const { told } = await appStop(context, context.operator, id, status('Rejected'));
      equals('what is told', told, { __typename: 'StopRefused', reason: 'STATION_REFUSED' });
      equals('the state', (await context.session(transactionId)).state, 'ACTIVE');
    },
  },
  {
    id: 'KW_16_005_CSMS',
    requirement: '5.11',
    title: 'a remote start that the station never answers is told as silent, not as done',
    run: async (context) => {
      const told = await context.exchange('RemoteStartTransaction', SILENCE, () =>
        context.send('RemoteStartTransaction', { idTag: context.cards.card, connectorId: 1 }, 1),
      );
      equals('the outcome', told.told.outcome, 'UNKNOWN');
    },
  },
  commandCase({
    id: 'TC_013_CSMS',
    requirement: '5.14',
    title: 'hard reset without a session',
    action: 'Reset',
    order: ['resetStation', { kind: 'HARD' }],
    frame: { type: 'Hard' },
    then: async (context) => {
      context.station.vanish();
      await context.connect();
      equals('the boot after it', (await context.boot())['status'], 'Accepted');
    },
  }),
  commandCase({
    id: 'TC_014_CSMS',
    requirement: '5.14',
    title: 'soft reset without a session',
    action: 'Reset',
    order: ['resetStation', { kind: 'SOFT' }],
    frame: { type: 'Soft' },
    then: async (context) => {
      await context.station.close();
      await context.connect();
      equals('the boot after it', (await context.boot())['status'], 'Accepted');
    },
  }),
  {
    id: 'TC_015_CSMS',
    requirement: '5.14',
    title: 'hard reset during a session: it is told as HardReset after the boot',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      const { sent } = await context.exchange('Reset', ACCEPTED, () =>
        context.order('resetStation', { kind: 'HARD' }),
      );
      equals('Reset', sent, { type: 'Hard' });
      context.station.vanish();
      await context.connect();
      await context.boot();
      await stop(context, transactionId, { reason: 'HardReset', idTag: undefined });
      await sessionEnded(context, transactionId, 5_000, 'HardReset');
    },
  },
  {
    id: 'TC_016_CSMS',
    requirement: '5.14',
    title: 'soft reset during a session: the station stops it first, as SoftReset',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      await context.exchange('Reset', ACCEPTED, () => context.order('resetStation', { kind: 'SOFT' }));
      await stop(context, transactionId, { reason: 'SoftReset', idTag: undefined });
      await context.station.close();
      await context.connect();
      await context.boot();
      await sessionEnded(context, transactionId, 5_000, 'SoftReset');
    },
  },
  commandCase({
    id: 'KW_16_006_CSMS',
    requirement: '5.14',
    title: 'a reset that the station rejects is told as rejected',
    action: 'Reset',
    order: ['resetStation', { kind: 'SOFT' }],
    frame: { type: 'Soft' },
    word: 'Rejected',
  }),
  commandCase({
    id: 'TC_017_1_CSMS',
    requirement: '5.18',
    title: 'unlock without a session: unlocked',
    action: 'UnlockConnector',
    order: unlock,
    frame: { connectorId: 1 },
    word: 'Unlocked',
  }),
  commandCase({
    id: 'TC_017_2_CSMS',
    requirement: '5.18',
    title: 'unlock of a fixed cable: not supported',
    action: 'UnlockConnector',
    order: unlock,
    frame: { connectorId: 1 },
    word: 'NotSupported',
  }),
  {
    id: 'TC_018_1_CSMS',
    requirement: '5.18',
    title: 'unlock during a session: the station stops it as UnlockCommand',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      const { told } = await context.exchange('UnlockConnector', status('Unlocked'), () =>
        context.order(...unlock),
      );
      holds('what is told', told, { outcome: 'ACCEPTED', status: 'Unlocked' });
      await stop(context, transactionId, { reason: 'UnlockCommand', idTag: undefined });
      await sessionEnded(context, transactionId, 5_000, 'UnlockCommand');
    },
  },
  commandCase({
    id: 'TC_018_2_CSMS',
    requirement: '5.18',
    title: 'unlock of a fixed cable during a session: not supported, the session goes on',
    action: 'UnlockConnector',
    order: unlock,
    frame: { connectorId: 1 },
    word: 'NotSupported',
    first: (context) => startAccepted(context),
    then: async (context) => {
      equals('the state', (await context.sessions())[0]?.state, 'ACTIVE');
    },
  }),
  commandCase({
    id: 'TC_030_CSMS',
    requirement: '5.18',
    title: 'the unlock fails: told as UnlockFailed',
    action: 'UnlockConnector',
    order: unlock,
    frame: { connectorId: 1 },
    word: 'UnlockFailed',
  }),
  commandCase({
    id: 'TC_031_CSMS',
    requirement: '5.18',
    title: 'unlock of a connector that the station does not have',
    action: 'UnlockConnector',
    payload: { connectorId: 9 },
    word: 'NotSupported',
  }),
  {
    id: 'KW_16_007_CSMS',
    requirement: '4.1.1 (OCPP-J)',
    title: 'commands wait for each other: one is outstanding at a time',
    run: async (context) => {
      const { station } = context;
      station.answers('ClearCache', SILENCE);
      const told = Promise.all([1, 2, 3].map(() => context.send('ClearCache', {})));
      await context.stationWhen<{ commands: { edges: unknown[] } }>(
        'three commands',
        'commands(first: 5) { edges { node { id } } }',
        ({ commands }) => commands.edges.length === 3,
      );
      const ids = new Set<string>();
      for (const seen of [0, 1, 2]) {
        const { id } = await station.command('ClearCache', seen);
        // Whatever was on its way to us is here once these are answered.
        for (let i = 0; i < 5; i++) await context.call('Heartbeat', {});
        equals('the commands so far', station.count('ClearCache'), seen + 1);
        ids.add(id);
        station.say(JSON.stringify([3, id, { status: 'Accepted' }]));
      }
      const outcomes = (await told).map(({ outcome }) => outcome);
      equals('the outcomes', outcomes, ['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
      equals('different message ids', ids.size, 3);
    },
  },
  {
    id: 'KW_16_008_CSMS',
    requirement: '4.2.3 (OCPP-J)',
    title: 'a command that the station answers with an error is told with its code',
    run: async (context) => {
      const { told } = await context.exchange('ClearCache', callError('NotImplemented', 'no cache'), () =>
        context.send('ClearCache', {}),
      );
      holds('what is told', told, { outcome: 'CHARGER_ERROR', errorCode: 'NotImplemented' });
    },
  },
  {
    id: 'KW_16_009_CSMS',
    requirement: '5',
    title: 'a command to a station that is not there is told as offline',
    run: async (context) => {
      await context.station.close();
      await context.shows('the station', 'online', { online: false });
      const told = await context.order('resetStation', { kind: 'SOFT' });
      equals('the outcome', told.outcome, 'OFFLINE');
    },
  },
  {
    id: 'KW_16_010_CSMS',
    requirement: '5.15',
    title: 'an answer with more than the schema knows still says what the station did',
    run: async (context) => {
      const { told } = await context.exchange('ClearCache', result({ status: 'Accepted', extra: 1 }), () =>
        context.send('ClearCache', {}),
      );
      equals('the outcome', told.outcome, 'ACCEPTED');
    },
  },
];
