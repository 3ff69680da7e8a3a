import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import type { Session } from '../domain/session.js';
import type { TransactionMessage } from '../domain/transaction-message.js';
import { ReservationRepository } from '../persistence/reservation.repository.js';
import { ChangeReservation } from './change-reservation.js';

/**
 * An accepted start uses up the reservation it names, or the one its driver has on the EVSE: chargers leave the number out. A
 * refused start leaves it alone (citrineos-core#588).
 */
@Injectable()
export class UseReservation {
  constructor(
    private readonly reservations: ReservationRepository,
    private readonly change: ChangeReservation,
  ) {}

  async run(
    tx: Tx,
    tenant: string,
    message: TransactionMessage,
    before: Session | undefined,
    session: Session,
  ): Promise<void> {
    const { payer } = session;
    if (!payer?.authorised || message.kind === 'ENDED') return;
    const { reservationNumber: number } = message;
    if (number === undefined && before?.payer?.authorised) return;
    const row = await this.reservations.lockClaimed(tx, tenant, {
      stationId: session.stationId,
      number,
      tokenHash: payer.tokenHash,
      accountId: payer.accountId,
      evseNumber: session.evseNumber,
      at: message.at,
    });
    if (row) await this.change.to(tx, row, 'USED', { sessionId: session.sessionId });
  }
}
