import { Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import { Allow, batchLoad, type GraphqlContext } from '@kilowatch/platform';
import { ViewInsights, type Anomaly } from '../../usecases/view-insights.js';
import { toAnomalyNode } from './anomaly-node.js';

/** Insights' part of a Session. One the person may not see, or that is not known yet, is null. */
@Resolver('Session')
export class SessionResolver {
  constructor(private readonly view: ViewInsights) {}

  @ResolveReference()
  @Allow('insights:read')
  async reference(reference: { id: string }, context: GraphqlContext): Promise<{ id: string } | null> {
    return (await this.load(reference.id, context)) ? { id: reference.id } : null;
  }

  @ResolveField()
  @Allow('insights:read')
  async anomalies(@Parent() session: { id: string }, @Context() context: GraphqlContext) {
    return ((await this.load(session.id, context)) ?? []).map(toAnomalyNode);
  }

  private async load(sessionId: string, context: GraphqlContext): Promise<Anomaly[] | undefined> {
    const { principal } = context;
    if (!principal || !isUuid(sessionId)) return undefined;
    return batchLoad(context, 'insights.session', sessionId, (ids) => this.view.ofSessions(principal, ids));
  }
}
