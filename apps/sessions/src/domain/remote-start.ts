/**
 * Starting from the app. The request waits for the start it causes: OCPP 2.0.1 answers with remoteStartId (F01), 1.6
 * only with the token it was given. It is refused up front only where the charger could not start anyway.
 */
import type { ConnectorStatus } from './connector-status.js';
import { byOurClock } from './device-time.js';
import type { TransactionMessage } from './transaction-message.js';

export const REMOTE_START_TTL_MS = 2 * 60_000;

export interface RemoteStart {
  readonly id: string;
  readonly remoteStartId: number;
  readonly tokenHash: string;
  readonly evseNumber: number;
  readonly quoteId: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
}

/** By how much a start may seem to have begun before its request: clocks that nobody knows to be off are. */
const CLOCK_TOLERANCE_MS = 60_000;

/** A start that does not name its request is the outcome of none that was made after this, by our clock. */
export function latestRequestFor({ deviceTime, receivedAt, clockOffsetSeconds }: TransactionMessage): Date {
  const begun = byOurClock(deviceTime, receivedAt, clockOffsetSeconds);
  return new Date(begun.getTime() + CLOCK_TOLERANCE_MS);
}

/**
 * Same token on the same EVSE, or the same remoteStartId, in time; a start that waited in the station's queue since before the request
 * is not its outcome, whether the station says that it was offline or cannot (1.6).
 */
export function isRemoteStartFor(
  remote: RemoteStart,
  message: TransactionMessage,
  tokenHash: string,
): boolean {
  if (message.offline || message.receivedAt.getTime() > remote.expiresAt.getTime()) return false;
  if (tokenHash !== remote.tokenHash) return false;
  if (message.remoteStartId !== undefined) return message.remoteStartId === remote.remoteStartId;
  if (remote.requestedAt.getTime() > latestRequestFor(message).getTime()) return false;
  return message.evseNumber === 0 || message.evseNumber === remote.evseNumber;
}

export type StartRefusal =
  | 'TOKEN_REFUSED'
  | 'CONNECTOR_BUSY'
  | 'CONNECTOR_FAULTED'
  | 'RESERVED'
  | 'STATION_OFFLINE'
  | 'STATION_REFUSED'
  | 'STATION_SILENT'
  | 'UNPLUG_FIRST';

export interface StartSituation {
  readonly online: boolean;
  readonly status: ConnectorStatus;
  /** For whom the EVSE is kept, as far as we know. */
  readonly reserved: 'NOBODY' | 'SELF' | 'OTHER';
}

/**
 * Undefined when it is worth asking the charger. A connector that shows free is asked even if a session is open on
 * it: that one is a ghost, and the next start closes it.
 */
export function startRefusal(situation: StartSituation): StartRefusal | undefined {
  if (!situation.online) return 'STATION_OFFLINE';
  if (situation.reserved === 'OTHER') return 'RESERVED';
  switch (situation.status) {
    case 'FAULTED':
    case 'UNAVAILABLE':
      return 'CONNECTOR_FAULTED';
    case 'CHARGING':
    case 'SUSPENDED_EV':
    case 'SUSPENDED_EVSE':
      return 'CONNECTOR_BUSY';
    case 'RESERVED':
      return situation.reserved === 'SELF' ? undefined : 'RESERVED';
    case 'PREPARING':
    case 'FINISHING':
    case 'AVAILABLE':
    case 'UNKNOWN':
      return undefined;
  }
}

export const REFUSAL_TEXT: Readonly<Record<StartRefusal, string>> = {
  TOKEN_REFUSED: 'Charging is not allowed with this account at present.',
  CONNECTOR_BUSY: 'This connector is in use.',
  CONNECTOR_FAULTED: 'This connector is out of order.',
  RESERVED: 'This connector is reserved for somebody else.',
  STATION_OFFLINE: 'The station is not connected.',
  STATION_REFUSED: 'The station refused the request.',
  UNPLUG_FIRST: 'The station starts again only after the cable of the last session was unplugged.',
  STATION_SILENT: 'The station did not answer in time; it may still start.',
};
