import type { ReservationParts } from '../api/documents/reservations.js';
import type { Word } from './session-words.js';

/** For how long a connector can be kept, in minutes; a day at most is taken. */
export const KEPT_MINUTES: readonly number[] = [15, 30, 60, 120, 240];

export function lengthText(minutes: number): string {
  if (minutes < 60) return `${minutes} minutes`;
  return minutes === 60 ? '1 hour' : `${minutes / 60} hours`;
}

/** Those that keep a connector now, the one that ends first first. Stations that are offline tell the end late. */
export function openReservations(
  reservations: readonly ReservationParts[],
  nowMs: number,
): readonly ReservationParts[] {
  return reservations
    .filter(({ status, expiresAt }) => isOpen(status) && Date.parse(expiresAt) > nowMs)
    .sort((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt));
}

const isOpen = (status: ReservationParts['status']) => status === 'ACTIVE' || status === 'REQUESTED';

export function reservationWord({ status }: Pick<ReservationParts, 'status'>): Word {
  return status === 'REQUESTED'
    ? { text: 'The station has not confirmed it', tone: 'warn' }
    : { text: 'Kept for you', tone: 'good' };
}

const RESERVE: Readonly<Record<string, string>> = {
  FAULTED: 'This connector reports a fault. Choose another one; the operator knows.',
  OCCUPIED: 'This connector is in use or reserved. Choose another one.',
  REJECTED: 'This station takes no reservations now. Choose another one, or drive there and start.',
  UNAVAILABLE: 'This connector is out of service. Choose another one.',
  TOKEN_REFUSED:
    'Your account may not charge here. Your access may be blocked or expired: ask your operator.',
  STATION_OFFLINE: 'The station is offline and cannot be told. Choose another one.',
  STATION_SILENT:
    'The station did not answer in time. It may keep the connector all the same: look under Charging before you try again.',
};

const CANCEL: Readonly<Record<string, string>> = {
  ALREADY_ENDED: 'This reservation is over already.',
  STATION_OFFLINE: 'The station is offline and cannot be told; the reservation ends by itself at its time.',
  STATION_REFUSED: 'The station did not give the connector back. Try again, or let it end by itself.',
  STATION_SILENT: 'The station did not answer in time. It may still give it back: look again in a minute.',
};

/** Why it was not made and what to do next; the platform's own words for a reason this page does not know. */
export function reserveRefusalText({ reason, message }: { reason: string; message: string }): string {
  return RESERVE[reason] ?? message;
}

export function cancelRefusalText({ reason, message }: { reason: string; message: string }): string {
  return CANCEL[reason] ?? message;
}
