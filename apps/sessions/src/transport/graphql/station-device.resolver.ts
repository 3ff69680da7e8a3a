import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import type { PageArguments } from '../../usecases/read-sessions.js';
import {
  nameOfRow,
  ReadStationDevice,
  type DeviceEventRow,
  type MonitorRow,
  type SecurityEventRow,
} from '../../usecases/read-station-device.js';
import { mapNodes, type StationNode } from './nodes.js';
import { recoveryNode } from './recovery.resolver.js';

/** A station as a device. */
@Resolver('Station')
@Allow('devices:read')
export class StationDeviceResolver {
  constructor(private readonly device: ReadStationDevice) {}

  @ResolveField()
  async securityEvents(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.device.securityEvents(principal, id, args), securityEventNode);
  }

  @ResolveField()
  async recoveries(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.device.recoveries(principal, id, args), recoveryNode);
  }

  @ResolveField()
  async deviceEvents(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments & { leastSevere?: number | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.device.deviceEvents(principal, id, args), deviceEventNode);
  }

  @ResolveField()
  async monitors(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.device.monitors(principal, id, args), monitorNode);
  }
}

function securityEventNode(row: SecurityEventRow) {
  const { id, kind, critical, tech_info: techInfo, occurred_at: occurredAt, received_at: receivedAt } = row;
  return { id, kind, critical, techInfo: techInfo || null, occurredAt, receivedAt };
}

function deviceEventNode(row: DeviceEventRow) {
  return {
    id: row.id,
    eventId: row.event_id,
    ...placeNode(row),
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    trigger: row.trigger,
    causedByEventId: row.cause,
    actualValue: row.actual_value,
    techCode: row.tech_code || null,
    techInfo: row.tech_info || null,
    cleared: row.cleared,
    transactionId: row.transaction_ref || null,
    monitorId: row.monitor_id,
    notificationType: row.notification_type || null,
    severity: row.severity,
  };
}

function monitorNode(row: MonitorRow) {
  return {
    monitorId: row.monitor_id,
    ...placeNode(row),
    kind: row.kind,
    value: row.value,
    severity: row.severity,
    onlyInTransaction: row.only_in_transaction,
    notificationType: row.notification_type || null,
    reportedAt: row.reported_at,
  };
}

function placeNode(row: Parameters<typeof nameOfRow>[0]) {
  const name = nameOfRow(row);
  return { ...name, componentInstance: name.componentInstance || null, instance: name.instance || null };
}
