import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { PlaceLoader } from './place-loader.js';

@Resolver('OrphanedTransactionMessage')
@Allow('operator', 'admin')
export class OrphanResolver {
  constructor(private readonly places: PlaceLoader) {}

  @ResolveField()
  station(
    @Parent() { stationId }: { stationId: string },
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.places.station(context, principal, stationId);
  }
}
