import { Args, Context, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { Allow, batchLoad, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ReadSessions, type PageArguments, type SessionFilter } from '../../usecases/read-sessions.js';
import { mapNodes, sessionNode, type SessionNode } from './nodes.js';
import { PlaceLoader } from './place-loader.js';

@Resolver('Session')
@Allow('sessions:read')
export class SessionResolver {
  constructor(
    private readonly sessions: ReadSessions,
    private readonly places: PlaceLoader,
  ) {}

  @Query('session')
  async one(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return sessionNode(await this.sessions.one(principal, id));
  }

  @Query('sessions')
  async list(
    @Args() args: PageArguments & { filter?: SessionFilter | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.sessions.list(principal, args.filter ?? {}, args), sessionNode);
  }

  @ResolveReference()
  async reference({ id }: { id: string }, context: GraphqlContext): Promise<SessionNode | null> {
    const { principal } = context;
    if (!principal) return null;
    const view = await batchLoad(context, 'sessions.session', id, async (ids) => {
      const views = await this.sessions.many(principal, ids);
      return new Map(views.map((found) => [found.session.sessionId, found]));
    });
    return view ? sessionNode(view) : null;
  }

  @ResolveField()
  station(
    @Parent() { stationId }: SessionNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.places.station(context, principal, stationId);
  }

  @ResolveField()
  location(
    @Parent() { locationId }: SessionNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.places.location(context, principal, locationId);
  }

  @ResolveField()
  connector(
    @Parent() { connectorId }: SessionNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    return connectorId ? this.places.connector(context, principal, connectorId) : null;
  }
}
