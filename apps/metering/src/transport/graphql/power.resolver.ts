import { Args, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import {
  Allow,
  batchLoad,
  CurrentPrincipal,
  mayAll,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { ViewPower, type PowerPlace } from '../../usecases/view-power.js';

interface PlaceNode {
  readonly id: string;
  readonly livePowerW: number | null;
}

@Resolver('Query')
export class LivePowerResolver {
  constructor(private readonly view: ViewPower) {}

  @Query()
  @Allow('sessions:read', 'all')
  livePower(@CurrentPrincipal() principal: Principal) {
    return this.view.ofTenant(principal);
  }

  @Query()
  @Allow('sessions:read', 'all')
  livePowerAt(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return this.view.at(principal, id);
  }
}

/** Metering's part of a place: what is drawn there now, for who may see all sessions. Of a whole list in one look. */
async function placeNode(
  view: ViewPower,
  place: PowerPlace,
  { id }: { id: string },
  context: GraphqlContext,
): Promise<PlaceNode | null> {
  const { principal } = context;
  if (!principal) return null;
  if (!mayAll(principal, 'sessions:read')) return { id, livePowerW: null };
  const sum = await batchLoad(context, `metering.power.${place}`, id, (ids) =>
    view.atEach(principal, place, ids),
  );
  return { id, livePowerW: sum?.powerW ?? 0 };
}

@Resolver('Location')
export class LocationPowerResolver {
  constructor(private readonly view: ViewPower) {}

  @ResolveReference()
  @Allow('stations:read')
  reference(reference: { id: string }, context: GraphqlContext): Promise<PlaceNode | null> {
    return placeNode(this.view, 'LOCATION', reference, context);
  }

  @ResolveField()
  @Allow('stations:read')
  livePowerW(@Parent() node: PlaceNode): number | null {
    return node.livePowerW;
  }
}

@Resolver('Station')
export class StationPowerResolver {
  constructor(private readonly view: ViewPower) {}

  @ResolveReference()
  @Allow('stations:read')
  reference(reference: { id: string }, context: GraphqlContext): Promise<PlaceNode | null> {
    return placeNode(this.view, 'STATION', reference, context);
  }

  @ResolveField()
  @Allow('stations:read')
  livePowerW(@Parent() node: PlaceNode): number | null {
    return node.livePowerW;
  }
}

@Resolver('Evse')
export class EvsePowerResolver {
  constructor(private readonly view: ViewPower) {}

  @ResolveReference()
  @Allow('stations:read')
  reference(reference: { id: string }, context: GraphqlContext): Promise<PlaceNode | null> {
    return placeNode(this.view, 'EVSE', reference, context);
  }

  @ResolveField()
  @Allow('stations:read')
  livePowerW(@Parent() node: PlaceNode): number | null {
    return node.livePowerW;
  }
}
