import { Injectable } from '@nestjs/common';
import { isUuid, notFound } from '@kilowatch/kernel';
import { Database, mayOn, tenantScope, type Principal } from '@kilowatch/platform';
import type { CommandOutcome } from '../domain/command-outcome.js';
import { isOpenReservation } from '../domain/reservation.js';
import { ReservationRepository, type ReservationRow } from '../persistence/reservation.repository.js';
import { ChangeReservation } from './change-reservation.js';
import { RunCommand } from './run-command.js';

export type CancelRefusal = 'ALREADY_ENDED' | 'STATION_OFFLINE' | 'STATION_REFUSED' | 'STATION_SILENT';

export type CancelResult =
  | { readonly kind: 'cancelled'; readonly reservation: ReservationRow }
  | { readonly kind: 'refused'; readonly reason: CancelRefusal; readonly message: string };

/** REJECTED: the station knows no such reservation, so there is none any more. */
const REFUSAL_OF_OUTCOME: Readonly<Record<CommandOutcome, CancelRefusal | undefined>> = {
  ACCEPTED: undefined,
  REJECTED: undefined,
  CHARGER_ERROR: 'STATION_REFUSED',
  OFFLINE: 'STATION_OFFLINE',
  UNKNOWN: 'STATION_SILENT',
};

const TEXT: Readonly<Record<CancelRefusal, string>> = {
  ALREADY_ENDED: 'This reservation is over already.',
  STATION_OFFLINE: 'The station is not connected; the reservation ends by itself at its time.',
  STATION_REFUSED: 'The station did not cancel the reservation.',
  STATION_SILENT: 'The station did not answer in time; it may still cancel.',
};

/** Whoever holds a reservation, or an operator of its tenant, gives the connector back. */
@Injectable()
export class CancelReservation {
  constructor(
    private readonly database: Database,
    private readonly reservations: ReservationRepository,
    private readonly change: ChangeReservation,
    private readonly commands: RunCommand,
  ) {}

  async cancel(
    principal: Principal,
    input: { readonly reservationId: string; readonly idempotencyKey?: string | null },
  ): Promise<CancelResult> {
    const { tenant } = principal;
    const row = await this.find(principal, input.reservationId);
    if (!isOpenReservation(row.status)) {
      return row.status === 'CANCELLED' ? { kind: 'cancelled', reservation: row } : refused('ALREADY_ENDED');
    }
    const { outcome } = await this.commands.run(principal, {
      stationId: row.station_id,
      action: 'CancelReservation',
      args: { reservationId: row.id },
      idempotencyKey: input.idempotencyKey,
      command: () => ({ cancelReservation: { reservationNumber: row.number } }),
      finished: async (tx, _id, answer) => {
        if (REFUSAL_OF_OUTCOME[answer.outcome]) return;
        const held = await this.reservations.lock(tx, tenant, row.id);
        const byHolder = row.account_id === principal.accountId;
        if (held) await this.change.to(tx, held, 'CANCELLED', { byHolder });
      },
    });
    const refusal = REFUSAL_OF_OUTCOME[outcome];
    if (refusal) return refused(refusal);
    return { kind: 'cancelled', reservation: await this.find(principal, row.id) };
  }

  /** That of somebody else does not exist for a driver. */
  private async find(principal: Principal, id: string): Promise<ReservationRow> {
    const { tenant } = principal;
    const row = isUuid(id)
      ? await this.database.read(tenantScope(tenant), (tx) => this.reservations.find(tx, tenant, id))
      : undefined;
    if (!row || !mayOn(principal, 'sessions:write', { accountId: row.account_id ?? undefined })) {
      throw notFound('SESSIONS_RESERVATION_UNKNOWN', 'There is no such reservation.');
    }
    return row;
  }
}

function refused(reason: CancelRefusal): CancelResult {
  return { kind: 'refused', reason, message: TEXT[reason] };
}
