import { Args, Context, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { groupBy, notFound } from '@kilowatch/kernel';
import { Allow, batchLoad, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ReadPlaces } from '../../usecases/read-places.js';
import type { PageArguments } from '../../usecases/read-sessions.js';
import { stationNode, type LocationNode } from './nodes.js';
import { byId } from './place-loader.js';

@Resolver('Location')
@Allow('stations:read')
export class LocationResolver {
  constructor(private readonly places: ReadPlaces) {}

  @Query('location')
  async one(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    const [view] = await this.places.locations(principal, [id]);
    if (!view) throw notFound('SESSIONS_LOCATION_UNKNOWN', 'There is no such location.');
    return view;
  }

  @Query('locations')
  list(@Args() args: PageArguments, @CurrentPrincipal() principal: Principal) {
    return this.places.listLocations(principal, args);
  }

  @ResolveReference()
  async reference({ id }: { id: string }, context: GraphqlContext): Promise<LocationNode | null> {
    const { principal } = context;
    if (!principal) return null;
    const view = await batchLoad(context, 'sessions.location-reference', id, async (ids) =>
      byId(await this.places.locations(principal, ids)),
    );
    return view ?? null;
  }

  @ResolveField()
  async stations(
    @Parent() { id }: LocationNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    const views = await batchLoad(context, 'sessions.stations-of-location', id, async (ids) =>
      groupBy(await this.places.stationsOfLocations(principal, ids), (station) => station.locationId),
    );
    return (views ?? []).map(stationNode);
  }
}
