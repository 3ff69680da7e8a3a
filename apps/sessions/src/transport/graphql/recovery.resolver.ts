import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import type { PageArguments } from '../../usecases/read-sessions.js';
import { ReadStationDevice, type RecoveryRow } from '../../usecases/read-station-device.js';
import { mapNodes } from './nodes.js';
import { PlaceLoader } from './place-loader.js';

type RecoveryNode = ReturnType<typeof recoveryNode>;

/** Connectors that were helped, and those that nothing helped (Q47). */
@Resolver('ConnectorRecovery')
@Allow('devices:read')
export class RecoveryResolver {
  constructor(
    private readonly device: ReadStationDevice,
    private readonly places: PlaceLoader,
  ) {}

  @Query()
  async stuckConnectors(@Args() args: PageArguments, @CurrentPrincipal() principal: Principal) {
    return mapNodes(await this.device.stuckConnectors(principal, args), recoveryNode);
  }

  @ResolveField()
  station(
    @Parent() { stationId }: RecoveryNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.places.station(context, principal, stationId);
  }
}

export function recoveryNode({ id, connector_id: connectorId, trouble, state, tries, ...row }: RecoveryRow) {
  return {
    id,
    connectorId,
    trouble,
    state,
    stationId: row.station_id,
    foundAt: row.found_at,
    endedAt: row.ended_at,
    tries: tries.map(({ step, at, outcome }) => ({ step, at: new Date(at), outcome: outcome ?? null })),
  };
}
