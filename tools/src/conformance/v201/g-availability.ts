import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { ACCEPTED, status } from '../reply.js';
import { commandCase } from '../shared/command-case.js';
import { reportStatus, started } from '../shared/steps2.js';

interface Where {
  readonly evseNumber?: number;
  readonly connectorNumber?: number;
}

const available = (
  id: string,
  what: string,
  operative: boolean,
  where: Where,
  word = 'Accepted',
): ConformanceCase =>
  commandCase({
    id,
    requirement: where.evseNumber ? 'G03' : 'G04',
    title: `${what} is put ${operative ? 'into' : 'out of'} service: ${word}`,
    action: 'ChangeAvailability',
    order: ['changeAvailability', { operative, ...where }],
    word,
    then: async (context, _told, sent) => {
      const { evseNumber, connectorNumber: connectorId } = where;
      const evse = evseNumber ? { evse: { id: evseNumber, ...(connectorId ? { connectorId } : {}) } } : {};
      const operationalStatus = operative ? 'Operative' : 'Inoperative';
      equals('ChangeAvailability', sent, { operationalStatus, ...evse });
      if (word !== 'Accepted') return;
      await reportStatus(context, operative ? 'Available' : 'Unavailable');
      await context.connectorShows(operative ? 'AVAILABLE' : 'UNAVAILABLE');
    },
  });

const duringTransaction = (id: string, what: string, where: Where): ConformanceCase => ({
  id,
  requirement: where.evseNumber ? 'G03' : 'G04',
  title: `${what} is put out of service during a transaction: scheduled, and it goes on`,
  run: async (context) => {
    const transaction = await started(context);
    const { told } = await context.exchange('ChangeAvailability', status('Scheduled'), () =>
      context.order('changeAvailability', { operative: false, ...where }),
    );
    holds('what is told', told, { outcome: 'ACCEPTED', status: 'Scheduled' });
    equals('the state', (await context.session(transaction.id)).state, 'ACTIVE');
  },
});

const shown = (id: string, connectorStatus: string, as: string): ConformanceCase => ({
  id,
  requirement: 'G01',
  title: `${connectorStatus} is shown as ${as}`,
  run: async (context) => {
    await reportStatus(context, connectorStatus);
    await context.connectorShows(as);
  },
});

const EVSE = { evseNumber: 1 };
const CONNECTOR = { evseNumber: 1, connectorNumber: 1 };

export const G_AVAILABILITY: readonly ConformanceCase[] = [
  shown('TC_G_01_CSMS', 'Available', 'AVAILABLE'),
  shown('TC_G_01_2_CSMS', 'Occupied', 'PREPARING'),
  shown('TC_G_01_3_CSMS', 'Reserved', 'RESERVED'),
  shown('TC_G_01_4_CSMS', 'Unavailable', 'UNAVAILABLE'),
  shown('TC_G_01_5_CSMS', 'Faulted', 'FAULTED'),
  available('TC_G_03_CSMS', 'an EVSE', false, EVSE),
  available('TC_G_04_CSMS', 'an EVSE', true, EVSE),
  available('TC_G_05_CSMS', 'the station', false, {}),
  available('TC_G_06_CSMS', 'the station', true, {}),
  available('TC_G_07_CSMS', 'a connector', false, CONNECTOR),
  available('TC_G_08_CSMS', 'a connector', true, CONNECTOR),
  available('TC_G_09_CSMS', 'an EVSE', false, EVSE, 'Rejected'),
  available('TC_G_10_CSMS', 'the station', false, {}, 'Rejected'),
  duringTransaction('TC_G_11_CSMS', 'an EVSE', EVSE),
  duringTransaction('TC_G_14_CSMS', 'the station', {}),
  duringTransaction('TC_G_17_CSMS', 'a connector', CONNECTOR),
  {
    id: 'TC_G_20_CSMS',
    requirement: 'G05',
    title: 'the lock of a connector fails: its event is taken and shown',
    run: async (context) => {
      const answer = await context.call('NotifyEvent', {
        generatedAt: new Date().toISOString(),
        seqNo: 0,
        tbc: false,
        eventData: [
          {
            eventId: 20,
            timestamp: new Date().toISOString(),
            trigger: 'Delta',
            actualValue: 'true',
            eventNotificationType: 'HardWiredNotification',
            component: { name: 'ConnectorPlugRetentionLock', evse: { id: 1, connectorId: 1 } },
            variable: { name: 'Problem' },
          },
        ],
      });
      equals('the answer', answer, {});
      await context.shows('the event', 'deviceEvents(first: 1) { edges { node { component variable } } }', {
        deviceEvents: {
          edges: [{ node: { component: 'ConnectorPlugRetentionLock', variable: 'Problem' } }],
        },
      });
    },
  },
  {
    id: 'TC_G_21_CSMS',
    requirement: 'G03',
    title: 'what is wanted stays known: the operator sees an EVSE as out of service',
    run: async (context) => {
      await context.exchange('ChangeAvailability', ACCEPTED, () =>
        context.order('changeAvailability', { operative: false, evseNumber: 1 }),
      );
      await context.shows('what is wanted', 'evses { wantedOperative }', {
        evses: [{ wantedOperative: false }, { wantedOperative: true }],
      });
    },
  },
];
