import { Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import { Allow, batchLoad, type GraphqlContext } from '@kilowatch/platform';
import { ViewLimits, type SessionLimitView } from '../../usecases/view-limits.js';
import { ViewNeeds } from '../../usecases/view-needs.js';
import { needsNode } from './needs-node.js';

interface SessionNode {
  readonly id: string;
  readonly limit: SessionLimitView;
}

/** Load management's part of a Session. One the person may not see, or that is not known yet, is null. */
@Resolver('Session')
export class SessionResolver {
  constructor(
    private readonly view: ViewLimits,
    private readonly needs: ViewNeeds,
  ) {}

  @ResolveReference()
  @Allow('sessions:read')
  async reference(reference: { id: string }, context: GraphqlContext): Promise<SessionNode | null> {
    const { principal } = context;
    if (!principal || !isUuid(reference.id)) return null;
    const limit = await batchLoad(context, 'load-management.session', reference.id, (ids) =>
      this.view.sessions(principal, ids),
    );
    return limit ? { id: reference.id, limit } : null;
  }

  @ResolveField()
  @Allow('sessions:read')
  currentLimitA(@Parent() node: SessionNode): number | null {
    return node.limit.limitA;
  }

  @ResolveField()
  @Allow('sessions:read')
  currentLimitState(@Parent() node: SessionNode): string | null {
    return node.limit.state;
  }

  @ResolveField()
  @Allow('sessions:read')
  async chargingNeeds(@Parent() { id }: SessionNode, @Context() context: GraphqlContext) {
    const { principal } = context;
    if (!principal) return null;
    const view = await batchLoad(context, 'load-management.needs', id, (ids) =>
      this.needs.ofSessions(principal, ids),
    );
    return view ? needsNode(view) : null;
  }
}
