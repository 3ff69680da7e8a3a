import { Injectable } from '@nestjs/common';
import {
  connection,
  Database,
  pageRequest,
  tenantScope,
  type Connection,
  type Principal,
} from '@kilowatch/platform';
import {
  DynamicScheduleRepository,
  type DynamicScheduleRow,
} from '../persistence/dynamic-schedule.repository.js';
import {
  EventStreamRepository,
  type EventStreamRow,
  type StreamValueRow,
} from '../persistence/event-stream.repository.js';
import { DeviceEventRepository, type DeviceEventRow } from '../persistence/device-event.repository.js';
import { MonitorRepository, type MonitorRow } from '../persistence/monitor.repository.js';
import { RecoveryRepository, type RecoveryRow } from '../persistence/recovery.repository.js';
import { SecurityEventRepository, type SecurityEventRow } from '../persistence/security-event.repository.js';
import { nameOfRow } from '../persistence/variable-place.js';
import type { PageArguments } from './read-sessions.js';

export { nameOfRow };
export type {
  DeviceEventRow,
  DynamicScheduleRow,
  EventStreamRow,
  MonitorRow,
  RecoveryRow,
  SecurityEventRow,
  StreamValueRow,
};

/** What operators see of a station as a device: what it told about itself. */
@Injectable()
export class ReadStationDevice {
  constructor(
    private readonly database: Database,
    private readonly events: SecurityEventRepository,
    private readonly deviceEventRows: DeviceEventRepository,
    private readonly monitorRows: MonitorRepository,
    private readonly recoveryRows: RecoveryRepository,
    private readonly streamRows: EventStreamRepository,
    private readonly scheduleRows: DynamicScheduleRepository,
  ) {}

  async securityEvents(
    { tenant }: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<SecurityEventRow>> {
    const page = pageRequest(args, ['time', 'id']);
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.events.list(tx, tenant, stationId, page),
    );
    return connection(page, rows, (row) => [row.occurred_at.toISOString(), row.id]);
  }

  async recoveries(
    { tenant }: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<RecoveryRow>> {
    const page = pageRequest(args, ['time', 'id']);
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.recoveryRows.list(tx, tenant, stationId, page),
    );
    return connection(page, rows, (row) => [row.found_at.toISOString(), row.id]);
  }

  /** Connectors of the tenant that need a person now. */
  async stuckConnectors({ tenant }: Principal, args: PageArguments): Promise<Connection<RecoveryRow>> {
    const page = pageRequest(args, ['time', 'id']);
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.recoveryRows.stuck(tx, tenant, page),
    );
    return connection(page, rows, (row) => [row.found_at.toISOString(), row.id]);
  }

  async deviceEvents(
    { tenant }: Principal,
    stationId: string,
    args: PageArguments & { readonly leastSevere?: number | null },
  ): Promise<Connection<DeviceEventRow>> {
    const page = pageRequest(args, ['time', 'id']);
    const leastSevere = args.leastSevere ?? null;
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.deviceEventRows.list(tx, tenant, stationId, { ...page, leastSevere }),
    );
    return connection(page, rows, (row) => [row.occurred_at.toISOString(), row.id]);
  }

  async monitors(
    { tenant }: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<MonitorRow>> {
    const page = pageRequest(args, ['integer']);
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.monitorRows.list(tx, tenant, stationId, page),
    );
    return connection(page, rows, (row) => [row.monitor_id]);
  }

  async eventStreams(
    { tenant }: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<EventStreamRow>> {
    const page = pageRequest(args, ['integer']);
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.streamRows.list(tx, tenant, stationId, page),
    );
    return connection(page, rows, (row) => [row.stream_id]);
  }

  async streamValues(
    { tenant }: Principal,
    { stationId, monitorId }: { stationId: string; monitorId: number },
    args: PageArguments,
  ): Promise<Connection<StreamValueRow>> {
    const page = pageRequest(args, ['time']);
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.streamRows.values(tx, tenant, stationId, monitorId, page),
    );
    return connection(page, rows, (row) => [row.at.toISOString()]);
  }

  async dynamicSchedules(
    { tenant }: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<DynamicScheduleRow>> {
    const page = pageRequest(args, ['integer']);
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.scheduleRows.list(tx, tenant, stationId, page),
    );
    return connection(page, rows, (row) => [row.profile_id]);
  }
}
