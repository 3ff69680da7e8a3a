/**
 * A reservation of a connector (OCPP 1.6 section 3.8, 2.0.1 block H). The station keeps it and refuses others; we remember whose
 * it is. It ends by an accepted start, by its time, by the station or by whoever made it, and these may be told twice and in any
 * order: a start that used it outweighs the rest, because then it did its work (a charger may have been offline meanwhile).
 */
import { stateMachine } from '@kilowatch/kernel';
import type { CommandOutcome } from './command-outcome.js';

export type ReservationStatus =
  'REQUESTED' | 'ACTIVE' | 'REFUSED' | 'EXPIRED' | 'REMOVED' | 'CANCELLED' | 'USED';

export const reservationMoves = stateMachine<ReservationStatus>({
  REQUESTED: ['ACTIVE', 'REFUSED', 'EXPIRED', 'REMOVED', 'CANCELLED', 'USED'],
  ACTIVE: ['EXPIRED', 'REMOVED', 'CANCELLED', 'USED'],
  REFUSED: ['USED'],
  EXPIRED: ['REMOVED', 'CANCELLED', 'USED'],
  REMOVED: ['CANCELLED', 'USED'],
  CANCELLED: ['USED'],
  USED: [],
});

/** Nobody else may have the connector. */
export const OPEN_RESERVATION: readonly ReservationStatus[] = ['REQUESTED', 'ACTIVE'];

export function isOpenReservation(status: ReservationStatus): boolean {
  return OPEN_RESERVATION.includes(status);
}

/** The next status; the same when the news adds nothing. */
export function reservationAfter(status: ReservationStatus, news: ReservationStatus): ReservationStatus {
  return reservationMoves.canMove(status, news) ? news : status;
}

/** ReservationStatusUpdate. 2.1 NoTransaction: the car came and nothing started. Undefined: no word we know. */
export function reservationNews(word: string): 'EXPIRED' | 'REMOVED' | undefined {
  switch (word) {
    case 'Expired':
      return 'EXPIRED';
    case 'Removed':
    case 'NoTransaction':
      return 'REMOVED';
    default:
      return undefined;
  }
}

/** A 1.6 station says nothing of it but that the connector is free again. */
export function impliedEnd(expiresAt: Date, at: Date): 'EXPIRED' | 'REMOVED' {
  return at.getTime() >= expiresAt.getTime() - CLOCK_TOLERANCE_MS ? 'EXPIRED' : 'REMOVED';
}

const CLOCK_TOLERANCE_MS = 60_000;

export type ReservationRefusal =
  | 'FAULTED'
  | 'OCCUPIED'
  | 'REJECTED'
  | 'UNAVAILABLE'
  | 'TOKEN_REFUSED'
  | 'STATION_OFFLINE'
  | 'STATION_SILENT';

const WORDS: Readonly<Record<string, ReservationRefusal>> = {
  Faulted: 'FAULTED',
  Occupied: 'OCCUPIED',
  Unavailable: 'UNAVAILABLE',
};

/** Why the station did not take it. Undefined: it did. */
export function reservationRefusal(outcome: CommandOutcome, word: string): ReservationRefusal | undefined {
  switch (outcome) {
    case 'ACCEPTED':
      return undefined;
    case 'OFFLINE':
      return 'STATION_OFFLINE';
    case 'UNKNOWN':
      return 'STATION_SILENT';
    default:
      return WORDS[word] ?? 'REJECTED';
  }
}

export const RESERVATION_REFUSAL_TEXT: Readonly<Record<ReservationRefusal, string>> = {
  FAULTED: 'This connector is out of order.',
  OCCUPIED: 'This connector is in use or reserved.',
  REJECTED: 'The station does not take reservations now.',
  UNAVAILABLE: 'This connector is out of service.',
  TOKEN_REFUSED: 'Charging is not allowed with this account at present.',
  STATION_OFFLINE: 'The station is not connected.',
  STATION_SILENT: 'The station did not answer in time; it may still hold the connector.',
};

const MINUTE_MS = 60_000;
const SHORTEST_MS = MINUTE_MS;
const LONGEST_MS: Readonly<Record<'driver' | 'operator', number>> = {
  driver: 24 * 60 * MINUTE_MS,
  operator: 7 * 24 * 60 * MINUTE_MS,
};

/** Long enough to get there, not so long that the connector is lost to others. */
export function mayLast(now: Date, until: Date, who: 'driver' | 'operator'): boolean {
  const length = until.getTime() - now.getTime();
  return length >= SHORTEST_MS && length <= LONGEST_MS[who];
}
