import type { ConformanceCase } from '../conformance-case.js';
import { equals, must } from '../judge.js';
import { sessionEnded } from '../shared/session-ended.js';
import { sample, start, startAccepted, stop } from '../shared/steps16.js';
import { minutesAgo } from '../shared/times.js';

export const CORE_OFFLINE: readonly ConformanceCase[] = [
  {
    id: 'TC_036_CSMS',
    requirement: '4.7',
    title: 'connection lost in mid-session: it goes on, and its readings count',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      context.station.vanish();
      await context.connect();
      await sample(context, transactionId, 4_000, 10);
      const session = await context.session(transactionId, (held) => held.energyWh === 3_000, 'at 3000 Wh');
      equals('its state', session.state, 'ACTIVE');
      await stop(context, transactionId);
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  {
    id: 'TC_037_1_CSMS',
    requirement: '3.5, 4.8',
    title: 'started offline with a card that is valid',
    run: async (context) => {
      context.station.vanish();
      await context.connect();
      const transactionId = await startAccepted(context, { timestamp: minutesAgo(60) });
      const { startedAt } = await context.session(transactionId);
      const age = Date.now() - Date.parse(startedAt);
      must(age > 59 * 60_000 && age < 62 * 60_000, `it is shown as started at ${startedAt}`);
      await stop(context, transactionId);
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  {
    id: 'TC_037_2_CSMS',
    requirement: '3.5.4, 4.8',
    title:
      'started offline with a card that is not valid: the start says so, the station goes on, and operators see the energy',
    run: async (context) => {
      const { transactionId, info } = await start(context, { idTag: context.cards.unknown });
      equals('the card', info['status'], 'Invalid');
      await sample(context, transactionId, 2_000, 10);
      await stop(context, transactionId, { idTag: context.cards.unknown, reason: 'Local' });
      await sessionEnded(context, transactionId, 5_000, 'Local');
      await context.incidentShows('OFFLINE_ENERGY');
    },
  },
  {
    id: 'TC_037_3_CSMS',
    requirement: '3.5.4, 4.10',
    title: 'started offline with a card that is not valid: the station stops it as DeAuthorized',
    run: async (context) => {
      const { transactionId, info } = await start(context, { idTag: context.cards.unknown });
      equals('the card', info['status'], 'Invalid');
      await stop(context, transactionId, {
        idTag: context.cards.unknown,
        reason: 'DeAuthorized',
        meterStop: 1_010,
      });
      await sessionEnded(context, transactionId, 10, 'DeAuthorized');
    },
  },
  {
    id: 'TC_038_CSMS',
    requirement: '4.10',
    title: 'stopped while offline: ended at the time of the station',
    run: async (context) => {
      const transactionId = await startAccepted(context);
      context.station.vanish();
      await context.connect();
      await stop(context, transactionId, { timestamp: minutesAgo(20), reason: 'Local' });
      await sessionEnded(context, transactionId, 5_000, 'Local');
      const { endedAt } = await context.session(transactionId);
      const age = Date.now() - Date.parse(endedAt ?? '');
      must(age > 19 * 60_000 && age < 22 * 60_000, `it is shown as ended at ${endedAt}`);
    },
  },
  {
    id: 'TC_039_CSMS',
    requirement: '4.8, 4.10',
    title: 'a whole session while offline, told afterwards',
    run: async (context) => {
      context.station.vanish();
      await context.connect();
      const transactionId = await startAccepted(context, { timestamp: minutesAgo(90) });
      await sample(context, transactionId, 3_000, 70);
      await stop(context, transactionId, { timestamp: minutesAgo(45) });
      await sessionEnded(context, transactionId, 5_000);
    },
  },
];
