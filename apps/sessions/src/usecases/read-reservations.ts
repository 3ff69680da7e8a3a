import { Injectable } from '@nestjs/common';
import { isUuid } from '@kilowatch/kernel';
import {
  connection,
  Database,
  pageRequest,
  tenantScope,
  type Connection,
  type Principal,
} from '@kilowatch/platform';
import {
  ReservationRepository,
  type ReservationFilter,
  type ReservationRow,
} from '../persistence/reservation.repository.js';
import type { PageArguments } from './read-sessions.js';

export type { ReservationFilter, ReservationRow };

@Injectable()
export class ReadReservations {
  constructor(
    private readonly database: Database,
    private readonly reservations: ReservationRepository,
  ) {}

  /** Of the whole tenant: for operators. */
  async list(
    { tenant }: Principal,
    filter: ReservationFilter,
    args: PageArguments,
  ): Promise<Connection<ReservationRow>> {
    const page = pageRequest(args, ['time', 'id']);
    const { stationId } = filter;
    const rows =
      stationId && !isUuid(stationId)
        ? []
        : await this.database.read(tenantScope(tenant), (tx) =>
            this.reservations.list(tx, tenant, filter, page),
          );
    return connection(page, rows, (row) => [row.requested_at.toISOString(), row.id]);
  }

  mine(principal: Principal, args: PageArguments): Promise<Connection<ReservationRow>> {
    return this.list(principal, { accountId: principal.accountId }, args);
  }
}
