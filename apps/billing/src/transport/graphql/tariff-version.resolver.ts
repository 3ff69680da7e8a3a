import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { parseTariff, summarise } from '@kilowatch/pricing';
import { PlanTariffs, type TariffVersionView } from '../../usecases/plan-tariffs.js';

@Resolver('TariffVersion')
export class TariffVersionResolver {
  constructor(private readonly plan: PlanTariffs) {}

  @Query()
  @Allow('tariffs:write')
  async tariffVersions(
    @Args() args: { tariffId: string; first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['integer']);
    const rows = await this.plan.history(principal, args.tariffId, {
      limit: page.limit,
      below: page.after?.[0],
    });
    return connection(page, rows, ({ version }) => [version], toNode);
  }

  @Mutation()
  @Allow('tariffs:write')
  async withdrawTariffVersion(
    @Args('input') input: { tariffId: string; version: number },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { version: toNode(await this.plan.withdraw(principal, input)) };
  }
}

function toNode({ id, document, ...version }: TariffVersionView) {
  return { ...version, tariffId: id, definition: document, summary: summarise(parseTariff(document)) };
}
