import { Injectable } from '@nestjs/common';
import { isUuid, notFound } from '@kilowatch/kernel';
import {
  connection,
  Database,
  pageRequest,
  tenantScope,
  type Connection,
  type Principal,
} from '@kilowatch/platform';
import {
  CustomerInformationRepository,
  type CustomerInformationRow,
} from '../persistence/customer-information.repository.js';
import {
  DisplayMessageRepository,
  type DisplayMessageRow,
} from '../persistence/display-message.repository.js';
import { FirmwareUpdateRepository, type FirmwareRow } from '../persistence/firmware-update.repository.js';
import { LogRequestRepository, type LogRow } from '../persistence/log-request.repository.js';
import type { PageArguments } from './read-sessions.js';

export type { CustomerInformationRow, DisplayMessageRow, FirmwareRow, LogRow };

/** What stations of an operator's tenant were asked to do beside charging, latest first. */
@Injectable()
export class ReadStationOperations {
  constructor(
    private readonly database: Database,
    private readonly updates: FirmwareUpdateRepository,
    private readonly logRows: LogRequestRepository,
    private readonly messages: DisplayMessageRepository,
    private readonly information: CustomerInformationRepository,
  ) {}

  firmwareUpdates(
    principal: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<FirmwareRow>> {
    return this.listed(this.updates, principal, stationId, args);
  }

  logs(principal: Principal, stationId: string, args: PageArguments): Promise<Connection<LogRow>> {
    return this.listed(this.logRows, principal, stationId, args);
  }

  async log({ tenant }: Principal, id: string): Promise<LogRow> {
    const row = isUuid(id)
      ? await this.database.read(tenantScope(tenant), (tx) => this.logRows.find(tx, tenant, id))
      : undefined;
    if (!row) throw notFound('SESSIONS_LOG_UNKNOWN', 'There is no such log.');
    return row;
  }

  customerInformation(
    principal: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<CustomerInformationRow>> {
    return this.listed(this.information, principal, stationId, args);
  }

  displayMessages({ tenant }: Principal, stationId: string): Promise<DisplayMessageRow[]> {
    return this.database.read(tenantScope(tenant), (tx) => this.messages.list(tx, tenant, stationId));
  }

  private async listed<Row extends { readonly id: string; readonly requested_at: Date }>(
    rows: { list(...args: Parameters<LogRequestRepository['list']>): Promise<Row[]> },
    { tenant }: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<Row>> {
    const page = pageRequest(args, ['time', 'id']);
    const found = await this.database.read(tenantScope(tenant), (tx) =>
      rows.list(tx, tenant, stationId, page),
    );
    return connection(page, found, (row) => [row.requested_at.toISOString(), row.id]);
  }
}
