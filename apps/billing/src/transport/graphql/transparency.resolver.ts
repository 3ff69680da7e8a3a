import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import { JudgeTariffs, type TariffPolicy } from '../../usecases/judge-tariffs.js';

@Resolver('TariffPolicy')
export class TransparencyResolver {
  constructor(private readonly judge: JudgeTariffs) {}

  @Query()
  @Allow('tariffs:write')
  tariffPolicy(@CurrentPrincipal() principal: Principal) {
    return this.judge.policy(principal);
  }

  @Query()
  @Allow('tariffs:write')
  async tariffFindings(@Args('tariffId') tariffId: string, @CurrentPrincipal() principal: Principal) {
    return (await this.judge.findingsOf(principal, [tariffId])).get(tariffId) ?? [];
  }

  @Mutation()
  @Allow('tariffs:write')
  async setTariffPolicy(@Args('input') input: TariffPolicy, @CurrentPrincipal() principal: Principal) {
    const { refusesViolations } = input;
    return { policy: await this.judge.setPolicy(principal, { refusesViolations }) };
  }
}
