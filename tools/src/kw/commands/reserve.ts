import { GraphqlError } from '../../client/graphql-client.js';
import { wrongInput } from '../kw-error.js';
import type { Command, CommandContext } from './context.js';
import { connectorOf, stationNamed } from './find-station.js';

interface Result {
  readonly __typename: string;
  readonly reservation?: { readonly id: string; readonly number: number; readonly expiresAt: string };
  readonly reason?: string;
  readonly message?: string;
}

const RESERVE = `mutation($input: ReserveConnectorInput!) { reserveConnector(input: $input) { __typename
  ... on ReservationMade { reservation { id number expiresAt } } ... on ReservationRefused { reason message } } }`;
const CANCEL = `mutation($input: CancelReservationInput!) { cancelReservation(input: $input) { __typename
  ... on ReservationCancelled { reservation { id number expiresAt } } ... on CancellationRefused { reason message } } }`;

/** `kw reserve STATION [EVSE] [MINUTES]`: says what it costs, then exit 0 only when the connector is kept. */
export const reserve: Command = async ([identity, evse = '1', minutes = '30'], { client, output }) => {
  if (!identity) throw wrongInput('which station? kw reserve STATION [EVSE] [MINUTES]');
  const station = await stationNamed(client, identity);
  const expiresAt = new Date(Date.now() + whole(minutes, 'minutes') * 60_000).toISOString();
  const connectorId = connectorOf(station, whole(evse, 'the EVSE'));
  const quote = await quoteOf(client, connectorId);
  for (const line of quote?.summary ?? []) output.note(line);
  const { reserveConnector } = await client.request<{ reserveConnector: Result }>(RESERVE, {
    input: { connectorId, expiresAt, quoteId: quote?.id ?? null },
  });
  output.show(reserveConnector, () => textOf(reserveConnector));
  return reserveConnector.reservation ? 0 : 1;
};

/** `kw unreserve ID` */
export const unreserve: Command = async ([reservationId], { client, output }) => {
  if (!reservationId) throw wrongInput('which reservation? kw unreserve ID');
  const { cancelReservation } = await client.request<{ cancelReservation: Result }>(CANCEL, {
    input: { reservationId },
  });
  output.show(cancelReservation, () => textOf(cancelReservation));
  return cancelReservation.reservation ? 0 : 1;
};

interface Quoted {
  readonly id: string;
  readonly summary: readonly string[];
}

/** Undefined: nothing has a price here yet. */
async function quoteOf(client: CommandContext['client'], connectorId: string): Promise<Quoted | undefined> {
  try {
    const { createQuote } = await client.request<{ createQuote: { quote: Quoted } }>(
      'mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id summary } } }',
      { input: { connectorId } },
    );
    return createQuote.quote;
  } catch (error) {
    if (error instanceof GraphqlError && error.code === 'FAILED_PRECONDITION') return undefined;
    throw error;
  }
}

function textOf({ __typename: kind, reservation, reason, message }: Result): string {
  return reservation
    ? `${kind === 'ReservationMade' ? 'reserved' : 'cancelled'}  ${reservation.id}  until ${reservation.expiresAt}`
    : `refused  ${reason}  ${message}`;
}

function whole(text: string, what: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw wrongInput(`${what}: a whole number from 1, not ${text}`);
  return value;
}
