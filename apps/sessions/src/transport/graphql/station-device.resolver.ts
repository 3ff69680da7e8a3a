import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import type { PageArguments } from '../../usecases/read-sessions.js';
import { ReadStationDevice, type SecurityEventRow } from '../../usecases/read-station-device.js';
import { mapNodes, type StationNode } from './nodes.js';

/** A station as a device. */
@Resolver('Station')
@Allow('operator', 'admin')
export class StationDeviceResolver {
  constructor(private readonly device: ReadStationDevice) {}

  @ResolveField()
  @Allow('operator', 'admin')
  async securityEvents(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.device.securityEvents(principal, id, args), securityEventNode);
  }
}

function securityEventNode(row: SecurityEventRow) {
  const { id, kind, critical, tech_info: techInfo, occurred_at: occurredAt, received_at: receivedAt } = row;
  return { id, kind, critical, techInfo: techInfo || null, occurredAt, receivedAt };
}
