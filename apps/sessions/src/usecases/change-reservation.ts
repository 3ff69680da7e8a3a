import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { isOpenReservation, reservationAfter, type ReservationStatus } from '../domain/reservation.js';
import { ReservationRepository, type ReservationRow } from '../persistence/reservation.repository.js';

interface ChangeDetails {
  readonly reason?: string;
  readonly sessionId?: string | null;
  readonly byHolder?: boolean;
}

/** Moves a locked reservation on and tells of it, in the transaction of what moved it. */
@Injectable()
export class ChangeReservation {
  constructor(
    private readonly reservations: ReservationRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async to(
    tx: Tx,
    row: ReservationRow,
    news: ReservationStatus,
    { reason = '', sessionId = null, byHolder = false }: ChangeDetails = {},
  ): Promise<void> {
    const status = reservationAfter(row.status, news);
    if (status === row.status) return;
    const now = this.clock.now();
    const next: ReservationRow = {
      ...row,
      status,
      reason,
      session_id: sessionId,
      ended_at: isOpenReservation(status) ? null : (row.ended_at ?? now),
      version: row.version + 1,
      // Its status tells, too: a process of before wrote none of this.
      held: row.held || row.status === 'ACTIVE' || status === 'ACTIVE',
    };
    await this.reservations.save(tx, row.tenant, next);
    announceReservation(tx, next, now, byHolder);
  }
}

/** `byHolder`: who cancelled it. */
export function announceReservation(tx: Tx, row: ReservationRow, at: Date, byHolder = false): void {
  tx.publish(events.reservationChanged, {
    aggregateId: row.id,
    aggregateVersion: row.version,
    occurredAt: at,
    payload: {
      reservationId: row.id,
      stationId: row.station_id,
      connectorId: row.connector_id,
      evseNumber: row.evse_number,
      status: row.status,
      accountId: row.account_id,
      expiresAt: row.expires_at,
      sessionId: row.session_id ?? '',
      reason: row.reason,
      requestedAt: row.requested_at,
      endedAt: row.ended_at ?? undefined,
      quoteId: row.quote_id,
      held: row.held,
      byHolder,
    },
  });
  tx.live('station', row.station_id);
}
