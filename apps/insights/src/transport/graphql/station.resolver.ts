import { Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import { Allow, batchLoad, mayAll, type GraphqlContext } from '@kilowatch/platform';
import { ViewInsights } from '../../usecases/view-insights.js';
import { toAnomalyNode } from './anomaly-node.js';

/** Insights' part of a Station: for the tenant's operators; others see nothing. */
@Resolver('Station')
export class StationResolver {
  constructor(private readonly view: ViewInsights) {}

  @ResolveReference()
  @Allow('stations:read')
  reference(reference: { id: string }): { id: string } | null {
    return isUuid(reference.id) ? { id: reference.id } : null;
  }

  @ResolveField()
  @Allow('stations:read')
  async openAnomalies(@Parent() station: { id: string }, @Context() context: GraphqlContext) {
    const { principal } = context;
    if (!principal || !mayAll(principal, 'insights:read')) return null;
    const open = await batchLoad(context, 'insights.station', station.id, (ids) =>
      this.view.openOfStations(principal, ids),
    );
    return (open ?? []).map(toAnomalyNode);
  }
}
