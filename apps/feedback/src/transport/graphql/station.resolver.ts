import { Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import { Allow, batchLoad, type GraphqlContext } from '@kilowatch/platform';
import { ViewRatings } from '../../usecases/view-ratings.js';

/** Feedback's part of a Station: what drivers of the tenant think of it on average. */
@Resolver('Station')
@Allow('stations:read')
export class StationResolver {
  constructor(private readonly view: ViewRatings) {}

  @ResolveReference()
  reference(reference: { id: string }): { id: string } | null {
    return isUuid(reference.id) ? { id: reference.id } : null;
  }

  @ResolveField()
  async ratingSummary(@Parent() station: { id: string }, @Context() context: GraphqlContext) {
    const principal = context.principal!;
    const summary = await batchLoad(context, 'feedback.station', station.id, (ids) =>
      this.view.summaries(principal, ids),
    );
    return summary ?? null;
  }
}
