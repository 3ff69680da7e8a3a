import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { ACCEPTED, status } from '../reply.js';
import { answeredCommands } from '../shared/command-case.js';
import {
  appCancel,
  appReserveAccepted,
  appStart,
  refusedReservation,
  reservationShows,
} from '../shared/people.js';
import { authorize, cardStatus, reportStatus, tokenOf, Transaction } from '../shared/steps2.js';
import { inHours } from '../shared/times.js';

const refused = refusedReservation('H01');

const ended = (id: string, requirement: string, word: string, shown: string): ConformanceCase => ({
  id,
  requirement,
  title: `the station ends a reservation as ${word}: shown as ${shown}`,
  run: async (context) => {
    const { sent } = await appReserveAccepted(context, await context.driver());
    const answer = await context.call('ReservationStatusUpdate', {
      reservationId: sent['id'],
      reservationUpdateStatus: word,
    });
    equals('the answer', answer, {});
    await reservationShows(context, shown);
  },
});

export const H_RESERVATION: readonly ConformanceCase[] = [
  {
    id: 'TC_H_01_CSMS',
    requirement: 'H01, H03',
    title: 'an EVSE is reserved, and used by the token it was reserved for',
    run: async (context) => {
      const driver = await context.driver();
      await reportStatus(context, 'Available');
      const { sent, reservation } = await appReserveAccepted(context, driver);
      holds('ReserveNow', sent, { id: reservation.number, evseId: 1 });
      must(Date.parse(String(sent['expiryDateTime'])) > Date.now(), 'it expires in the past');
      await reportStatus(context, 'Reserved');
      await context.connectorShows('RESERVED');
      const transaction = new Transaction(context);
      const answer = await transaction.start({
        trigger: 'Authorized',
        minutes: 0,
        wh: 1_000,
        card: sent['idToken'] as { idToken: string },
        over: { reservationId: sent['id'] },
      });
      equals('the token', cardStatus(answer), 'Accepted');
      await reservationShows(context, 'USED');
    },
  },
  {
    id: 'TC_H_02_CSMS',
    requirement: 'H01',
    title: 'a reserved EVSE is not started from the app by somebody else',
    run: async (context) => {
      await appReserveAccepted(context, await context.driver());
      const connectorId = context.connectorIds[0];
      const told = await context.operator.request<{ startSession: { reason?: string } }>(
        `mutation($input: StartSessionInput!) { startSession(input: $input) { ... on StartRefused { reason } } }`,
        { input: { connectorId } },
      );
      equals('the refusal', told.startSession.reason, 'RESERVED');
    },
  },
  refused('TC_H_03_CSMS', 'Occupied'),
  refused('TC_H_04_CSMS', 'Faulted'),
  refused('TC_H_05_CSMS', 'Unavailable'),
  refused('TC_H_06_CSMS', 'Rejected'),
  ended('TC_H_07_CSMS', 'H04', 'Expired', 'EXPIRED'),
  ...answeredCommands('H01', [
    [
      'TC_H_08_CSMS',
      'any EVSE is reserved',
      'ReserveNow',
      ({ cards }) => ({ id: 8, expiryDateTime: inHours(1), idToken: tokenOf(cards.card) }),
    ],
    [
      'TC_H_14_CSMS',
      'the station does not reserve without an EVSE',
      'ReserveNow',
      ({ cards }) => ({ id: 14, expiryDateTime: inHours(1), idToken: tokenOf(cards.card) }),
      'Rejected',
    ],
    [
      'TC_H_15_CSMS',
      'a type of connector is reserved',
      'ReserveNow',
      ({ cards }) => ({
        id: 15,
        expiryDateTime: inHours(1),
        connectorType: 'cType2',
        idToken: tokenOf(cards.card),
      }),
    ],
    [
      'TC_H_16_CSMS',
      'no connector of the type is free',
      'ReserveNow',
      ({ cards }) => ({
        id: 16,
        expiryDateTime: inHours(1),
        connectorType: 'cCCS2',
        idToken: tokenOf(cards.card),
      }),
      'Occupied',
    ],
  ]),
  {
    id: 'TC_H_17_CSMS',
    requirement: 'H02',
    title: 'a reservation is cancelled',
    run: async (context) => {
      const driver = await context.driver();
      const { sent: reserved, reservation } = await appReserveAccepted(context, driver);
      const { sent, told } = await appCancel(context, driver, reservation.id);
      equals('CancelReservation', sent, { reservationId: reserved['id'] });
      equals('what the driver is told', told, { __typename: 'ReservationCancelled' });
      await reservationShows(context, 'CANCELLED');
    },
  },
  {
    id: 'TC_H_18_CSMS',
    requirement: 'H02',
    title: 'the station holds no such reservation: then there is none',
    run: async (context) => {
      const driver = await context.driver();
      const { reservation } = await appReserveAccepted(context, driver);
      await appCancel(context, driver, reservation.id, status('Rejected'));
      await reservationShows(context, 'CANCELLED');
    },
  },
  {
    id: 'TC_H_19_CSMS',
    requirement: 'H03',
    title: 'a reservation for a group is used by another card of it',
    run: async (context) => {
      const { card, fellow, group } = context.cards;
      const payload = {
        id: 19,
        expiryDateTime: inHours(1),
        evseId: 1,
        idToken: tokenOf(card),
        groupIdToken: tokenOf(group, 'Central'),
      };
      await context.commands('ReserveNow', payload, ACCEPTED, 'ACCEPTED');
      holds('the card', await authorize(context, fellow), {
        status: 'Accepted',
        groupIdToken: { idToken: group },
      });
    },
  },
  ended('TC_H_20_CSMS', 'H01', 'Removed', 'REMOVED'),
  {
    id: 'TC_H_21_CSMS',
    requirement: 'H01',
    title: 'the status of a reservation nobody knows is acknowledged',
    run: async (context) => {
      const answer = await context.call('ReservationStatusUpdate', {
        reservationId: 987_654,
        reservationUpdateStatus: 'Expired',
      });
      equals('the answer', answer, {});
    },
  },
  {
    id: 'TC_H_22_CSMS',
    requirement: 'H03, F01',
    title: 'whoever holds the reservation starts it from the app',
    run: async (context) => {
      const driver = await context.driver();
      const { sent: reserved } = await appReserveAccepted(context, driver);
      await reportStatus(context, 'Reserved');
      await context.connectorShows('RESERVED');
      const { sent, told } = await appStart(context, driver);
      equals('what the driver is told', told.__typename, 'SessionRequested');
      equals('the token', sent['idToken'], reserved['idToken']);
    },
  },
];
