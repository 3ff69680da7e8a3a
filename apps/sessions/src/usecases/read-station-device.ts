import { Injectable } from '@nestjs/common';
import {
  connection,
  Database,
  pageRequest,
  tenantScope,
  type Connection,
  type Principal,
} from '@kilowatch/platform';
import { SecurityEventRepository, type SecurityEventRow } from '../persistence/security-event.repository.js';
import type { PageArguments } from './read-sessions.js';

export type { SecurityEventRow };

/** What operators see of a station as a device: what it told about itself. */
@Injectable()
export class ReadStationDevice {
  constructor(
    private readonly database: Database,
    private readonly events: SecurityEventRepository,
  ) {}

  async securityEvents(
    { tenant }: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<SecurityEventRow>> {
    const page = pageRequest(args, 2);
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.events.list(tx, tenant, stationId, page),
    );
    return connection(page, rows, (row) => [row.occurred_at.toISOString(), row.id]);
  }
}
