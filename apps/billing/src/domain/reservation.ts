/**
 * What a reservation costs (docs/ocpi-notes.md P7): used by a session, it is priced with it; held and not used in time, or given back by
 * its holder, it has a CDR of its own without energy (R5). What the station or the operator ended costs nothing, and neither does what
 * the station never confirmed.
 */
import type { Tariff, UnusedReservation } from '@kilowatch/pricing';

export interface ReservationFacts {
  readonly reservationId: string;
  readonly status: string;
  /** The station had said that it keeps the connector. */
  readonly held: boolean;
  /** With CANCELLED. */
  readonly byHolder: boolean;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date;
  readonly quoteId: string;
}

export interface BilledReservation {
  readonly reservationId: string;
  readonly from: Date;
  readonly to: Date;
  /** Empty: no price was accepted. */
  readonly quoteId: string;
  /** Absent: a session used it. */
  readonly unused?: UnusedReservation;
}

/** Undefined: nobody pays for it, or not yet. */
export function reservationToBill(facts: ReservationFacts): BilledReservation | undefined {
  const { reservationId, status, held, byHolder, requestedAt: from, expiresAt, endedAt, quoteId } = facts;
  const common = { reservationId, from, quoteId };
  if (status === 'USED') return { ...common, to: endedAt };
  if (!held) return undefined;
  const to = endedAt < expiresAt ? endedAt : expiresAt;
  if (status === 'EXPIRED') return { ...common, to: expiresAt, unused: 'EXPIRED' };
  // Given back in the instant it was made: no time was kept.
  return status === 'CANCELLED' && byHolder && to > from ? { ...common, to, unused: 'CANCELLED' } : undefined;
}

/** Whether a tariff says anything about reservations: the others are for sessions alone. */
export function pricesReservations({ elements }: Tariff): boolean {
  return elements.some(({ restrictions }) => restrictions.reservation !== undefined);
}
