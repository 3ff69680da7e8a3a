import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import {
  Allow,
  batchLoad,
  CurrentPrincipal,
  may,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { OperatedStation } from '../../usecases/operated-station.js';
import { SetStationOptions, type OptionsInput } from '../../usecases/set-station-options.js';
import { stationNode, type StationNode } from './nodes.js';

/** What operators set for one station: null for drivers, who ask for whole stations too. */
@Resolver('Station')
@Allow('devices:read')
export class StationOptionsResolver {
  constructor(
    private readonly setting: SetStationOptions,
    private readonly stations: OperatedStation,
  ) {}

  @ResolveField()
  @Allow('stations:read')
  async options(
    @Parent() { id }: StationNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!may(principal, 'devices:read')) return null;
    const options = await batchLoad(context, 'sessions.station-options', id, (ids) =>
      this.setting.of(principal, ids),
    );
    if (!options) return null;
    const { costWish, showsCosts, costCurrency, remoteStartTag, subprotocols, pinged } = options;
    return {
      costDisplay: costWish,
      showsCosts,
      costCurrency: costCurrency || null,
      remoteStartTag: remoteStartTag || null,
      subprotocols,
      pinged,
    };
  }

  @Mutation()
  @Allow('devices:write')
  async setStationOptions(@Args('input') input: OptionsInput, @CurrentPrincipal() principal: Principal) {
    const { stationId } = input;
    const before = await this.stations.one(principal, stationId);
    await this.setting.set(principal, input);
    return { station: stationNode(before) };
  }
}
