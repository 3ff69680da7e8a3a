import type { JsonObject } from '@kilowatch/ocpp';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must, oneOf } from '../judge.js';
import { ACCEPTED } from '../reply.js';
import { sessionEnded } from '../shared/session-ended.js';
import { authorize, reportStatus, sample, start, startAccepted, stop } from '../shared/steps16.js';
import { minutesAgo } from '../shared/times.js';
import type { CaseContext } from '../case-context.js';
import type { SessionView } from '../platform-view.js';

const refusedCard = (
  id: string,
  word: string,
  which: 'unknown' | 'expired' | 'blocked',
): ConformanceCase => ({
  id,
  requirement: '4.1, 7.2',
  title: `a card that is ${which} is refused as ${word}, before and after the start`,
  run: async (context) => {
    const idTag = context.cards[which];
    equals('Authorize', (await authorize(context, idTag))['status'], word);
    const { transactionId, info } = await start(context, { idTag, timestamp: minutesAgo(2) });
    equals('StartTransaction', info['status'], word);
    await stop(context, transactionId, { idTag, meterStop: 1_000, reason: 'DeAuthorized' });
    await context.session(transactionId, ({ state }) => state === 'ENDED', 'ENDED');
  },
});

async function plugged(context: CaseContext, over: JsonObject = {}): Promise<void> {
  await reportStatus(context, 'Preparing', over);
  await context.connectorShows('PREPARING');
}

async function charged(context: CaseContext, transactionId: number, over = {}): Promise<void> {
  await reportStatus(context, 'Charging');
  await sample(context, transactionId, 3_000, 15);
  await context.connectorShows('CHARGING');
  await stop(context, transactionId, over);
}

const LATER_END =
  'the second stop counts: until the late window is over, metering takes the end register with the later time';

export const CORE_SESSIONS: readonly ConformanceCase[] = [
  {
    id: 'TC_001_CSMS',
    requirement: '4.2',
    title: 'cold boot: accepted with time and interval, connectors shown',
    begins: 'connected',
    run: async (context) => {
      const answer = await context.boot();
      equals('status', answer['status'], 'Accepted');
      must(Number(answer['interval']) > 0, 'the interval is not above 0');
      const away = Math.abs(Date.parse(String(answer['currentTime'])) - Date.now());
      must(away < 10_000, `currentTime is ${away} ms away`);
      for (const connectorId of [0, 1, 2]) await reportStatus(context, 'Available', { connectorId });
      await context.connectorShows('AVAILABLE', 1);
      await context.connectorShows('AVAILABLE', 2);
      await context.shows('the station', 'online vendor model protocol', {
        online: true,
        vendor: 'Kilowatch',
        model: 'Scripted',
        protocol: 'ocpp1.6',
      });
      const { currentTime } = await context.call('Heartbeat', {});
      must(/Z$/.test(String(currentTime)), 'currentTime is not in UTC');
    },
  },
  {
    id: 'TC_002_CSMS',
    requirement: '4.2',
    title: 'a station that waits for its operator is told Pending, and asked nothing it must not do',
    registration: 'PENDING',
    begins: 'connected',
    run: async (context) => {
      const answer = await context.boot();
      equals('status', answer['status'], 'Pending');
      must(Number(answer['interval']) > 0, 'the interval is not above 0');
      const refused = await context.station.ask('Authorize', { idTag: context.cards.card });
      equals('Authorize meanwhile', refused.kind, 'error');
    },
  },
  {
    id: 'TC_002_2_CSMS',
    requirement: '4.2',
    title: 'a station that its operator rejected is told Rejected',
    registration: 'REJECTED',
    begins: 'connected',
    run: async (context) => {
      equals('status', (await context.boot())['status'], 'Rejected');
    },
  },
  {
    id: 'TC_003_CSMS',
    requirement: '4.8, 4.10',
    title: 'regular session, plugged in first',
    run: async (context) => {
      // Its clock is half an hour behind. Had it written now, the start would be one that waited in a queue.
      await plugged(context, { timestamp: minutesAgo(31) });
      equals('Authorize', (await authorize(context, context.cards.card))['status'], 'Accepted');
      const transactionId = await startAccepted(context);
      const session = await context.session(transactionId);
      holds('the session', session, { state: 'ACTIVE', evseNumber: 1, startMethod: 'RFID' });
      await charged(context, transactionId, { reason: 'Local' });
      await reportStatus(context, 'Finishing');
      await reportStatus(context, 'Available');
      await sessionEnded(context, transactionId, 5_000, 'Local');
      await context.connectorShows('AVAILABLE');
    },
  },
  {
    id: 'TC_004_1_CSMS',
    requirement: '4.1, 4.8',
    title: 'regular session, card shown first',
    run: async (context) => {
      equals('Authorize', (await authorize(context, context.cards.card))['status'], 'Accepted');
      await plugged(context);
      const transactionId = await startAccepted(context);
      await charged(context, transactionId);
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  {
    id: 'TC_004_2_CSMS',
    requirement: '4.1, 9.1.4',
    title: 'card shown and no cable plugged in: the connector is free again, nothing was started',
    run: async (context) => {
      equals('Authorize', (await authorize(context, context.cards.card))['status'], 'Accepted');
      await plugged(context);
      await reportStatus(context, 'Available');
      await context.connectorShows('AVAILABLE');
      equals('the sessions', await context.sessions(), []);
    },
  },
  {
    id: 'TC_005_1_CSMS',
    requirement: '4.10',
    title: 'unplugged at the car: stopped as EVDisconnected, without a card',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      await reportStatus(context, 'SuspendedEV');
      await context.connectorShows('SUSPENDED_EV');
      const answer = await context.call('StopTransaction', {
        transactionId,
        meterStop: 4_000,
        timestamp: minutesAgo(1),
        reason: 'EVDisconnected',
      });
      must(!('idTagInfo' in answer), 'a stop without a card is answered with one');
      await sessionEnded(context, transactionId, 3_000, 'EVDisconnected');
    },
  },
  {
    id: 'TC_007_CSMS',
    requirement: '3.4.1, 4.8',
    title: 'started with a cached card, without Authorize; the start says how long the card may be cached',
    run: async (context) => {
      const { transactionId, info } = await start(context);
      equals('the card', info['status'], 'Accepted');
      equals('its group', info['parentIdTag'], context.cards.group);
      must(Date.parse(String(info['expiryDate'])) > Date.now(), 'expiryDate is not in the future');
      await stop(context, transactionId);
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  refusedCard('TC_023_1_CSMS', 'Invalid', 'unknown'),
  refusedCard('TC_023_2_CSMS', 'Expired', 'expired'),
  refusedCard('TC_023_3_CSMS', 'Blocked', 'blocked'),
  {
    id: 'TC_024_CSMS',
    requirement: '4.9, 7.6',
    title: 'the lock fails at the start: the connector is shown out of order with its error',
    run: async (context) => {
      await authorize(context, context.cards.card);
      await reportStatus(context, 'Faulted', { errorCode: 'ConnectorLockFailure', info: 'bolt' });
      await context.connectorShows('FAULTED');
      await context.shows('the error', 'evses { connectors { errorCode } }', {
        evses: [{ connectors: [{ errorCode: 'ConnectorLockFailure' }] }, { connectors: [{}] }],
      });
    },
  },
  {
    id: 'TC_032_1_CSMS',
    requirement: '4.10, 7.36',
    title: 'power failure during a session: stopped as PowerLoss after the next boot',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      context.station.vanish();
      await context.connect();
      await context.boot();
      await stop(context, transactionId, { reason: 'PowerLoss', meterStop: 2_500 });
      await sessionEnded(context, transactionId, 1_500, 'PowerLoss');
    },
  },
  {
    id: 'TC_032_2_CSMS',
    requirement: '4.10',
    title: 'power failure: the session stopped before the power was gone, and told after the boot',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      context.station.vanish();
      await context.connect();
      await context.boot();
      await reportStatus(context, 'Available');
      await stop(context, transactionId, { reason: 'PowerLoss', timestamp: minutesAgo(10) });
      await sessionEnded(context, transactionId, 5_000, 'PowerLoss');
      await context.connectorShows('AVAILABLE');
    },
  },
  {
    id: 'TC_034_CSMS',
    requirement: '4.9',
    title: 'power failure of a station out of service: it comes back as Unavailable',
    run: async (context) => {
      await context.commands(
        'ChangeAvailability',
        { connectorId: 0, type: 'Inoperative' },
        ACCEPTED,
        'ACCEPTED',
      );
      await reportStatus(context, 'Unavailable');
      context.station.vanish();
      await context.connect();
      await context.boot();
      await reportStatus(context, 'Unavailable');
      await context.connectorShows('UNAVAILABLE');
    },
  },
  {
    id: 'TC_068_CSMS',
    requirement: '4.10',
    title: 'stopped with the card it was started with: the card is accepted',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      const { idTagInfo } = await stop(context, transactionId);
      equals('the card', (idTagInfo as { status: string }).status, 'Accepted');
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  {
    id: 'TC_069_CSMS',
    requirement: '4.10',
    title: 'stopped with another card of the same group: both name the group',
    run: async (context) => {
      const { transactionId, info } = await start(context);
      const fellow = await authorize(context, context.cards.fellow);
      equals(
        'the group',
        [info['parentIdTag'], fellow['parentIdTag']],
        [context.cards.group, context.cards.group],
      );
      const { idTagInfo } = await stop(context, transactionId, { idTag: context.cards.fellow });
      equals('the card', (idTagInfo as { status: string }).status, 'Accepted');
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  {
    id: 'TC_070_CSMS',
    requirement: '4.7',
    title: 'sampled meter values, and transaction data with the stop, count once',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      await sample(context, transactionId, 2_000, 20);
      await sample(context, transactionId, 3_000, 10);
      const data = [2_000, 3_000, 6_000].map((wh, i) => ({
        timestamp: minutesAgo([20, 10, 1][i]!),
        sampledValue: [{ value: String(wh), context: i === 2 ? 'Transaction.End' : 'Sample.Periodic' }],
      }));
      await stop(context, transactionId, { transactionData: data });
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  {
    id: 'TC_071_CSMS',
    requirement: '4.7, 9.1.2',
    title: 'clock-aligned values without a transaction are acknowledged and start nothing',
    run: async (context) => {
      const answer = await context.call('MeterValues', {
        connectorId: 0,
        meterValue: [
          { timestamp: minutesAgo(1), sampledValue: [{ value: '99000', context: 'Sample.Clock' }] },
        ],
      });
      equals('the answer', answer, {});
      equals('the sessions', await context.sessions(), []);
    },
  },
  {
    id: 'KW_16_001_CSMS',
    requirement: '4.8, 3.7',
    title: 'a start told twice gets its first transaction id, a stop told twice changes nothing',
    run: async (context) => {
      const begin = { timestamp: minutesAgo(30) };
      const first = await startAccepted(context, begin);
      equals('the second id', await startAccepted(context, begin), first);
      const end = { timestamp: minutesAgo(1) };
      await stop(context, first, end);
      await sessionEnded(context, first, 5_000);
      await stop(context, first, end);
      await sessionEnded(context, first, 5_000);
      equals('the sessions', (await context.sessions()).length, 1);
    },
  },
  {
    id: 'KW_16_015_CSMS',
    requirement: '4.10',
    title: 'another stop of a session that is over for good is acknowledged, and changes nothing',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      await stop(context, transactionId);
      const final = (held: SessionView) => held.energyStatus === 'MEASURED';
      const before = await context.session(transactionId, final, 'final');
      await stop(context, transactionId, { meterStop: 9_000, reason: 'EmergencyStop' });
      await context.call('Heartbeat', {});
      equals('the session', await context.session(transactionId), before);
    },
  },
  {
    id: 'KW_16_016_CSMS',
    requirement: '4.10',
    title: 'another stop, with another register, right after the first: the first one counts',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      await stop(context, transactionId, { timestamp: minutesAgo(2) });
      await stop(context, transactionId, { timestamp: minutesAgo(1), meterStop: 9_000 });
      const { energyWh } = await context.session(
        transactionId,
        (held) => held.energyStatus === 'MEASURED',
        'final',
      );
      must(energyWh !== 8_000, LATER_END);
      equals('the energy', energyWh, 5_000);
    },
  },
  {
    id: 'KW_16_002_CSMS',
    requirement: '3.3',
    title: 'two connectors of one station charge at the same time, each by its own register',
    run: async (context) => {
      const one = await startAccepted(context);
      const two = await startAccepted(context, { connectorId: 2, idTag: context.cards.fellow });
      must(one !== two, 'both have the same transaction id');
      await stop(context, one);
      await stop(context, two, { idTag: context.cards.fellow, meterStop: 3_000 });
      await sessionEnded(context, one, 5_000);
      await sessionEnded(context, two, 2_000);
    },
  },
  {
    id: 'KW_16_003_CSMS',
    requirement: '7.2',
    title: 'a card that charges elsewhere is told ConcurrentTx',
    run: async (context) => {
      await startAccepted(context);
      const { info } = await start(context, { connectorId: 2 });
      equals('the card', info['status'], 'ConcurrentTx');
    },
  },
  {
    id: 'KW_16_004_CSMS',
    requirement: '4.10',
    title: 'a stop of a transaction nobody knows is acknowledged and kept',
    run: async (context) => {
      const answer = await stop(context, 1_234_567);
      oneOf('the fields of the answer', Object.keys(answer).join(), ['', 'idTagInfo']);
      equals('the sessions', await context.sessions(), []);
    },
  },
];
