import { Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import { Allow, batchLoad, type GraphqlContext } from '@kilowatch/platform';
import { ViewRatings, type SessionFeedback } from '../../usecases/view-ratings.js';
import { toRatingNode } from './rating.resolver.js';

/** Feedback's part of a Session; null for a session the person may not see. */
@Resolver('Session')
@Allow('feedback:read')
export class SessionResolver {
  constructor(private readonly view: ViewRatings) {}

  @ResolveReference()
  async reference(reference: { id: string }, context: GraphqlContext): Promise<{ id: string } | null> {
    return (await this.feedback(reference.id, context)) ? { id: reference.id } : null;
  }

  @ResolveField()
  async rating(@Parent() session: { id: string }, @Context() context: GraphqlContext) {
    const rating = (await this.feedback(session.id, context))?.rating;
    return rating ? toRatingNode(rating) : null;
  }

  @ResolveField()
  async canRate(
    @Parent() session: { id: string },
    @Context() context: GraphqlContext,
  ): Promise<boolean | null> {
    return (await this.feedback(session.id, context))?.canRate ?? null;
  }

  private async feedback(id: string, context: GraphqlContext): Promise<SessionFeedback | undefined> {
    const { principal } = context;
    if (!principal || !isUuid(id)) return undefined;
    return batchLoad(context, 'feedback.session', id, (ids) => this.view.sessions(principal, ids));
  }
}
