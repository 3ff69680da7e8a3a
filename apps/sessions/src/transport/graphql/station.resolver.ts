import { Args, Context, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { groupBy, notFound } from '@kilowatch/kernel';
import { Allow, batchLoad, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ReadPlaces, type StationFilter } from '../../usecases/read-places.js';
import { ReadSessions, type PageArguments } from '../../usecases/read-sessions.js';
import { mapNodes, sessionNode, stationNode, variableNode, type StationNode } from './nodes.js';
import { byId, PlaceLoader } from './place-loader.js';

@Resolver('Station')
@Allow('stations:read')
export class StationResolver {
  constructor(
    private readonly places: ReadPlaces,
    private readonly sessions: ReadSessions,
    private readonly loader: PlaceLoader,
  ) {}

  @Query('station')
  async one(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    const [view] = await this.places.stations(principal, [id]);
    if (!view) throw notFound('SESSIONS_STATION_UNKNOWN', 'There is no such station.');
    return stationNode(view);
  }

  @Query('stations')
  async list(
    @Args() args: PageArguments & { filter?: StationFilter | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.places.listStations(principal, args.filter ?? {}, args), stationNode);
  }

  @ResolveReference()
  async reference({ id }: { id: string }, context: GraphqlContext): Promise<StationNode | null> {
    const { principal } = context;
    if (!principal) return null;
    const view = await batchLoad(context, 'sessions.station-reference', id, async (ids) =>
      byId(await this.places.stations(principal, ids)),
    );
    return view ? stationNode(view) : null;
  }

  @ResolveField()
  location(
    @Parent() { locationId }: StationNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.loader.location(context, principal, locationId);
  }

  @ResolveField()
  async activeSessions(
    @Parent() { id }: StationNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    const views = await batchLoad(context, 'sessions.active-sessions', id, async (ids) =>
      groupBy(await this.sessions.activeOfStations(principal, ids), ({ session }) => session.stationId),
    );
    return (views ?? []).map(sessionNode);
  }

  @ResolveField()
  @Allow('devices:read')
  async variables(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.places.variables(principal, id, args), variableNode);
  }
}
