import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { ReservationRepository, type ReservationRow } from '../persistence/reservation.repository.js';
import { ChangeReservation } from './change-reservation.js';

/** The station frees the connector by its own clock and need not say so. */
@Injectable()
export class ExpireReservations implements DueWorkDefinition<ReservationRow> {
  readonly name = 'expire-reservations';
  readonly intervalMs = 5_000;

  constructor(
    private readonly reservations: ReservationRepository,
    private readonly change: ChangeReservation,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<ReservationRow[]> {
    return this.reservations.takeDue(tx, now, limit);
  }

  async run(tx: Tx, row: ReservationRow): Promise<void> {
    await this.change.to(tx, row, 'EXPIRED');
  }
}
