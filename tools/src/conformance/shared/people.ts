import type { JsonObject } from '@kilowatch/ocpp';
import type { GraphqlClient } from '../../client/graphql-client.js';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { mutate } from '../platform-view.js';
import { ACCEPTED, status, type Reply, type Responder } from '../reply.js';

export interface StartTold {
  readonly __typename: 'SessionRequested' | 'StartRefused';
  readonly reason?: string;
}

export interface StopTold {
  readonly __typename: 'StopRequested' | 'StopRefused';
  readonly reason?: string;
}

export interface ReserveTold {
  readonly __typename: 'ReservationMade' | 'ReservationRefused';
  readonly reason?: string;
  readonly reservation?: { readonly id: string; readonly number: number; readonly status: string };
}

export interface CancelTold {
  readonly __typename: 'ReservationCancelled' | 'CancellationRefused';
  readonly reason?: string;
}

const remoteStartOf = ({ is16 }: CaseContext) =>
  is16 ? 'RemoteStartTransaction' : 'RequestStartTransaction';
const remoteStopOf = ({ is16 }: CaseContext) => (is16 ? 'RemoteStopTransaction' : 'RequestStopTransaction');

/** A driver starts from the app. */
export function appStart(
  context: CaseContext,
  driver: GraphqlClient,
  reply: Reply | Responder = ACCEPTED,
  evse = 1,
): Promise<{ sent: JsonObject; told: StartTold }> {
  const connectorId = context.connectorIds[evse - 1];
  return context.exchange(remoteStartOf(context), reply, () =>
    mutate<StartTold>(driver, 'startSession', '__typename ... on StartRefused { reason }', { connectorId }),
  );
}

export async function appStartAccepted(
  context: CaseContext,
  driver: GraphqlClient,
  evse = 1,
): Promise<JsonObject> {
  const { sent, told } = await appStart(context, driver, ACCEPTED, evse);
  equals('what the driver is told', told, { __typename: 'SessionRequested' });
  return sent;
}

/** Somebody who sees the session ends it. */
export function appStop(
  context: CaseContext,
  person: GraphqlClient,
  sessionId: string,
  reply: Reply | Responder = ACCEPTED,
): Promise<{ sent: JsonObject; told: StopTold }> {
  return context.exchange(remoteStopOf(context), reply, () =>
    mutate<StopTold>(person, 'stopSession', '__typename ... on StopRefused { reason }', { sessionId }),
  );
}

const RESERVED = `__typename ... on ReservationMade { reservation { id number status } }
  ... on ReservationRefused { reason }`;

export function appReserve(
  context: CaseContext,
  driver: GraphqlClient,
  reply: Reply | Responder = ACCEPTED,
): Promise<{ sent: JsonObject; told: ReserveTold }> {
  const input = {
    connectorId: context.connectorIds[0],
    expiresAt: new Date(Date.now() + 20 * 60_000).toISOString(),
  };
  return context.exchange('ReserveNow', reply, () =>
    mutate<ReserveTold>(driver, 'reserveConnector', RESERVED, input),
  );
}

export async function appReserveAccepted(context: CaseContext, driver: GraphqlClient) {
  const { sent, told } = await appReserve(context, driver);
  equals('what the driver is told', told.__typename, 'ReservationMade');
  return { sent, reservation: told.reservation! };
}

export function appCancel(
  context: CaseContext,
  driver: GraphqlClient,
  reservationId: string,
  reply: Reply | Responder = ACCEPTED,
): Promise<{ sent: JsonObject; told: CancelTold }> {
  return context.exchange('CancelReservation', reply, () =>
    mutate<CancelTold>(driver, 'cancelReservation', '__typename ... on CancellationRefused { reason }', {
      reservationId,
    }),
  );
}

export async function reservationShows(context: CaseContext, status: string): Promise<void> {
  await context.shows(`reservation ${status}`, 'reservations(first: 1) { edges { node { status } } }', {
    reservations: { edges: [{ node: { status } }] },
  });
}

/** By id and the station's word. */
export function refusedReservation(requirement: string): (id: string, word: string) => ConformanceCase {
  return (id, word) => ({
    id,
    requirement,
    title: `the station answers a reservation with ${word}: the driver is told so`,
    run: async (context) => {
      const { told } = await appReserve(context, await context.driver(), status(word));
      holds('what the driver is told', told, {
        __typename: 'ReservationRefused',
        reason: word.toUpperCase(),
      });
    },
  });
}
