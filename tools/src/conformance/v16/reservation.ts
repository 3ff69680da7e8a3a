import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { ACCEPTED, status } from '../reply.js';
import { commandCase } from '../shared/command-case.js';
import {
  appCancel,
  appReserveAccepted,
  appStartAccepted,
  refusedReservation,
  reservationShows,
} from '../shared/people.js';
import { sessionEnded } from '../shared/session-ended.js';
import { reportStatus, start, stop } from '../shared/steps16.js';
import { inHours, minutesAgo } from '../shared/times.js';

const refused = refusedReservation('5.13');

export const RESERVATION: readonly ConformanceCase[] = [
  {
    id: 'TC_046_CSMS',
    requirement: '5.13, 4.8',
    title: 'a connector is reserved and used by the card it was reserved for',
    run: async (context) => {
      const driver = await context.driver();
      await reportStatus(context, 'Available');
      const { sent, reservation } = await appReserveAccepted(context, driver);
      holds('ReserveNow', sent, { connectorId: 1, reservationId: reservation.number });
      must(Date.parse(String(sent['expiryDate'])) > Date.now(), 'expiryDate is not in the future');
      must(String(sent['idTag']).length <= 20, 'the idTag is longer than 20 characters');
      await reportStatus(context, 'Reserved');
      await context.connectorShows('RESERVED');
      const { transactionId, info } = await start(context, {
        idTag: sent['idTag'],
        reservationId: sent['reservationId'],
        timestamp: minutesAgo(0),
      });
      equals('the card', info['status'], 'Accepted');
      await reservationShows(context, 'USED');
      await stop(context, transactionId, { idTag: sent['idTag'], timestamp: new Date().toISOString() });
      await sessionEnded(context, transactionId, 5_000);
    },
  },
  {
    id: 'TC_046_2_CSMS',
    requirement: '5.13, 5.11',
    title: 'a reserved connector is started from the app by whom it was reserved for',
    run: async (context) => {
      const driver = await context.driver();
      await reportStatus(context, 'Available');
      const { sent } = await appReserveAccepted(context, driver);
      await reportStatus(context, 'Reserved');
      await context.connectorShows('RESERVED');
      const remote = await appStartAccepted(context, driver);
      equals('the token of both', remote['idTag'], sent['idTag']);
    },
  },
  {
    id: 'TC_047_CSMS',
    requirement: '5.13',
    title: 'a reservation expires at the station: the connector is free again',
    run: async (context) => {
      const payload = {
        connectorId: 1,
        expiryDate: inHours(0.01),
        idTag: context.cards.card,
        reservationId: 47,
      };
      await context.commands('ReserveNow', payload, ACCEPTED, 'ACCEPTED');
      await reportStatus(context, 'Reserved');
      await context.connectorShows('RESERVED');
      await reportStatus(context, 'Available');
      await context.connectorShows('AVAILABLE');
    },
  },
  refused('TC_048_1_CSMS', 'Faulted'),
  refused('TC_048_2_CSMS', 'Occupied'),
  refused('TC_048_3_CSMS', 'Unavailable'),
  refused('TC_048_4_CSMS', 'Rejected'),
  commandCase({
    id: 'TC_049_CSMS',
    requirement: '5.13',
    title: 'the whole station is reserved: connector 0',
    action: 'ReserveNow',
    payload: ({ cards }) => ({
      connectorId: 0,
      expiryDate: inHours(1),
      idTag: cards.card,
      reservationId: 49,
    }),
    word: 'Accepted',
  }),
  commandCase({
    id: 'TC_050_CSMS',
    requirement: '5.13',
    title: 'the station does not take reservations of connector 0',
    action: 'ReserveNow',
    payload: ({ cards }) => ({
      connectorId: 0,
      expiryDate: inHours(1),
      idTag: cards.card,
      reservationId: 50,
    }),
    word: 'Rejected',
  }),
  {
    id: 'TC_051_CSMS',
    requirement: '5.1',
    title: 'a reservation is cancelled: CancelReservation names it, the connector is free',
    run: async (context) => {
      const driver = await context.driver();
      const { sent: reserved, reservation } = await appReserveAccepted(context, driver);
      const { sent, told } = await appCancel(context, driver, reservation.id);
      equals('CancelReservation', sent, { reservationId: reserved['reservationId'] });
      equals('what the driver is told', told, { __typename: 'ReservationCancelled' });
      await reservationShows(context, 'CANCELLED');
    },
  },
  {
    id: 'TC_052_CSMS',
    requirement: '5.1',
    title: 'the station rejects to cancel, since it holds no such reservation: then there is none',
    run: async (context) => {
      const driver = await context.driver();
      const { reservation } = await appReserveAccepted(context, driver);
      const { told } = await appCancel(context, driver, reservation.id, status('Rejected'));
      equals('what the driver is told', told, { __typename: 'ReservationCancelled' });
      await reservationShows(context, 'CANCELLED');
    },
  },
  commandCase({
    id: 'TC_052_2_CSMS',
    requirement: '5.1',
    title: 'a cancellation that the station rejects is told as rejected',
    action: 'CancelReservation',
    payload: { reservationId: 52 },
    word: 'Rejected',
  }),
  {
    id: 'TC_053_CSMS',
    requirement: '5.13, 4.8',
    title: 'a reservation is used by another card of the same group',
    run: async (context) => {
      const { card, fellow, group } = context.cards;
      const payload = {
        connectorId: 1,
        expiryDate: inHours(1),
        idTag: card,
        parentIdTag: group,
        reservationId: 53,
      };
      await context.commands('ReserveNow', payload, ACCEPTED, 'ACCEPTED');
      const { idTagInfo } = await context.call('Authorize', { idTag: fellow });
      equals('the group', (idTagInfo as { parentIdTag: string }).parentIdTag, group);
      const { info } = await start(context, { idTag: fellow, reservationId: 53 });
      equals('the card', info['status'], 'Accepted');
    },
  },
];
