import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ReadSessions, type OrphanFilter, type PageArguments } from '../../usecases/read-sessions.js';
import { ReviewOrphan, type AttachInput, type DismissInput } from '../../usecases/review-orphan.js';
import { mapNodes, orphanNode, sessionNode, type OrphanNode } from './nodes.js';
import { PlaceLoader } from './place-loader.js';

/** Transaction messages that belong to no session: a person looks at them and decides. */
@Resolver('OrphanedTransactionMessage')
@Allow('sessions:read', 'all')
export class OrphanResolver {
  constructor(
    private readonly places: PlaceLoader,
    private readonly sessions: ReadSessions,
    private readonly review: ReviewOrphan,
  ) {}

  @Query('orphanedTransactionMessages')
  async list(
    @Args() args: PageArguments & { filter?: OrphanFilter | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.sessions.orphans(principal, args.filter ?? { open: true }, args), orphanNode);
  }

  @ResolveField()
  station(
    @Parent() { stationId }: OrphanNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.places.station(context, principal, stationId);
  }

  @ResolveField()
  async session(@Parent() { row }: OrphanNode, @CurrentPrincipal() principal: Principal) {
    if (row.adopted_by === null) return null;
    return sessionNode(await this.sessions.one(principal, row.adopted_by));
  }

  @ResolveField()
  async attachableTo(@Parent() { row }: OrphanNode, @CurrentPrincipal() principal: Principal) {
    return (await this.sessions.attachableTo(principal, row)).map(sessionNode);
  }

  @Mutation()
  @Allow('sessions:write', 'all')
  async attachOrphanedMessage(@Args('input') input: AttachInput, @CurrentPrincipal() principal: Principal) {
    await this.review.attach(principal, input);
    const session = sessionNode(await this.sessions.one(principal, input.sessionId));
    return { message: orphanNode(await this.sessions.orphan(principal, input.messageId)), session };
  }

  @Mutation()
  @Allow('sessions:write', 'all')
  async dismissOrphanedMessage(@Args('input') input: DismissInput, @CurrentPrincipal() principal: Principal) {
    await this.review.dismiss(principal, input);
    return { message: orphanNode(await this.sessions.orphan(principal, input.messageId)) };
  }
}
