import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { TenantId } from '@kilowatch/kernel';
import { Database, LOGGER, tenantScope, type Logger, type Tx } from '@kilowatch/platform';
import { impliedEnd, reservationNews } from '../domain/reservation.js';
import { ReservationRepository } from '../persistence/reservation.repository.js';
import { ChangeReservation } from './change-reservation.js';
import type { StationContact } from './record-station-message.js';

/** The station ended a reservation: it says so (2.x), or it shows the connector free again (1.6). */
@Injectable()
export class RecordReservationUpdate {
  constructor(
    private readonly database: Database,
    private readonly reservations: ReservationRepository,
    private readonly change: ChangeReservation,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async record(
    tenant: TenantId,
    { stationId }: StationContact,
    { reservationNumber, status }: sessions.ReservationUpdate,
  ): Promise<void> {
    const news = reservationNews(status);
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const row = await this.reservations.lockByNumber(tx, tenant, stationId, reservationNumber);
      if (row && news) await this.change.to(tx, row, news, { reason: status });
      else this.log.info({ stationId, reservationNumber, status }, 'news of no reservation of ours');
    });
  }

  async shownFree(tx: Tx, tenant: string, stationId: string, evseNumber: number, at: Date): Promise<void> {
    const open = await this.reservations.openOnEvse(tx, tenant, stationId, evseNumber);
    if (!open || open.requested_at.getTime() > at.getTime()) return;
    const row = await this.reservations.lock(tx, tenant, open.id);
    if (row) await this.change.to(tx, row, impliedEnd(row.expires_at, at));
  }
}
