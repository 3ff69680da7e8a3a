import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import { MonitorStation, type MonitorsAnswer } from '../../usecases/monitor-station.js';
import { commandNode } from './nodes.js';

type InputOf<M extends keyof MonitorStation> = Parameters<MonitorStation[M]>[1];

/** Monitors of 2.x stations. */
@Resolver()
@Allow('devices:write')
export class MonitoringResolver {
  constructor(private readonly monitors: MonitorStation) {}

  @Mutation()
  async setVariableMonitoring(
    @Args('input') input: InputOf<'setMonitors'>,
    @CurrentPrincipal() principal: Principal,
  ) {
    return monitorsNode(await this.monitors.setMonitors(principal, input));
  }

  @Mutation()
  async clearVariableMonitoring(
    @Args('input') input: InputOf<'clear'>,
    @CurrentPrincipal() principal: Principal,
  ) {
    return monitorsNode(await this.monitors.clear(principal, input));
  }

  @Mutation()
  async setMonitoringBase(
    @Args('input') input: InputOf<'setBase'>,
    @CurrentPrincipal() principal: Principal,
  ) {
    return commandNode(await this.monitors.setBase(principal, input));
  }

  @Mutation()
  async setMonitoringLevel(
    @Args('input') input: InputOf<'setLevel'>,
    @CurrentPrincipal() principal: Principal,
  ) {
    return commandNode(await this.monitors.setLevel(principal, input));
  }

  @Mutation()
  async refreshStationMonitors(
    @Args('input') input: InputOf<'refresh'>,
    @CurrentPrincipal() principal: Principal,
  ) {
    return commandNode(await this.monitors.refresh(principal, input));
  }
}

function monitorsNode({ command, results }: MonitorsAnswer) {
  return { command: commandNode(command), results };
}
