import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import { CommandStation } from '../../usecases/command-station.js';
import { ImportStations, type ImportInput } from '../../usecases/import-stations.js';
import { commandNode, stationNode } from './nodes.js';

type InputOf<M extends keyof CommandStation> = Parameters<CommandStation[M]>[1];

/** What operators do with stations. */
@Resolver()
@Allow('devices:write')
export class OperatorResolver {
  constructor(
    private readonly imports: ImportStations,
    private readonly commands: CommandStation,
  ) {}

  @Mutation()
  @Allow('stations:write')
  async importStations(@Args('input') input: ImportInput, @CurrentPrincipal() principal: Principal) {
    const result = await this.imports.import(principal.tenant, input);
    return { ...result, stations: result.stations.map(stationNode) };
  }

  @Mutation()
  async sendCommand(@Args('input') input: InputOf<'raw'>, @CurrentPrincipal() principal: Principal) {
    return commandNode(await this.commands.raw(principal, input));
  }

  @Mutation()
  async resetStation(@Args('input') input: InputOf<'reset'>, @CurrentPrincipal() principal: Principal) {
    return commandNode(await this.commands.reset(principal, input));
  }

  @Mutation()
  async triggerMessage(@Args('input') input: InputOf<'trigger'>, @CurrentPrincipal() principal: Principal) {
    return commandNode(await this.commands.trigger(principal, input));
  }

  @Mutation()
  async unlockConnector(@Args('input') input: InputOf<'unlock'>, @CurrentPrincipal() principal: Principal) {
    return commandNode(await this.commands.unlock(principal, input));
  }
}
