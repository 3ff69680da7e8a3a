import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { CancelReservation } from '../../usecases/cancel-reservation.js';
import { ReadReservations, type ReservationFilter } from '../../usecases/read-reservations.js';
import type { PageArguments } from '../../usecases/read-sessions.js';
import { ReserveConnector, type ReserveInput } from '../../usecases/reserve-connector.js';
import { mapNodes } from './nodes.js';
import { reservationNode, type ReservationNode } from './operation-nodes.js';
import { PlaceLoader } from './place-loader.js';

@Resolver('Reservation')
@Allow('sessions:read')
export class ReservationResolver {
  constructor(
    private readonly reading: ReadReservations,
    private readonly reserving: ReserveConnector,
    private readonly cancelling: CancelReservation,
    private readonly places: PlaceLoader,
  ) {}

  @Query()
  @Allow('sessions:read', 'all')
  async reservations(
    @Args() args: PageArguments & { filter?: ReservationFilter | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.reading.list(principal, args.filter ?? {}, args), reservationNode);
  }

  @Query()
  async myReservations(@Args() args: PageArguments, @CurrentPrincipal() principal: Principal) {
    return mapNodes(await this.reading.mine(principal, args), reservationNode);
  }

  @Mutation()
  @Allow('sessions:write')
  async reserveConnector(@Args('input') input: ReserveInput, @CurrentPrincipal() principal: Principal) {
    const result = await this.reserving.reserve(principal, input);
    return result.kind === 'refused'
      ? { __typename: 'ReservationRefused', reason: result.reason, message: result.message }
      : { __typename: 'ReservationMade', reservation: reservationNode(result.reservation) };
  }

  @Mutation()
  @Allow('sessions:write')
  async cancelReservation(
    @Args('input') input: Parameters<CancelReservation['cancel']>[1],
    @CurrentPrincipal() principal: Principal,
  ) {
    const result = await this.cancelling.cancel(principal, input);
    return result.kind === 'refused'
      ? { __typename: 'CancellationRefused', reason: result.reason, message: result.message }
      : { __typename: 'ReservationCancelled', reservation: reservationNode(result.reservation) };
  }

  @ResolveField()
  station(
    @Parent() { stationId }: ReservationNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.places.station(context, principal, stationId);
  }

  @ResolveField()
  connector(
    @Parent() { connectorId }: ReservationNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.places.connector(context, principal, connectorId);
  }
}
