import { Args, Mutation, Query, ResolveReference, Resolver } from '@nestjs/graphql';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { ApplyTariff } from '../../usecases/apply-tariff.js';
import { CreateQuote } from '../../usecases/create-quote.js';
import { ViewTariffs } from '../../usecases/view-tariffs.js';
import { toQuoteNode, toTariffNode } from './quote-node.js';

interface ApplyTariffInput {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly isDefault?: boolean | null;
  readonly definition: unknown;
  readonly idleGraceMinutes?: number | null;
  readonly validFrom?: Date | null;
}

@Resolver('Tariff')
export class TariffResolver {
  constructor(
    private readonly view: ViewTariffs,
    private readonly apply: ApplyTariff,
    private readonly quote: CreateQuote,
  ) {}

  @Query()
  @Allow('tariffs:read')
  async tariffs(@Args() args: { first: number; after?: string }, @CurrentPrincipal() principal: Principal) {
    const page = pageRequest(args, ['text']);
    const { rows, total } = await this.view.list(principal, page);
    return { ...connection(page, rows, (tariff) => [tariff.id], toTariffNode), totalCount: total };
  }

  @Query()
  @Allow('tariffs:read')
  async tariff(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return toTariffNode(await this.view.one(principal, id));
  }

  @Mutation()
  @Allow('tariffs:write')
  async applyTariff(@Args('input') input: ApplyTariffInput, @CurrentPrincipal() principal: Principal) {
    const { id, name, currency, definition } = input;
    const request = { id, name, currency, definition, idleGraceMinutes: input.idleGraceMinutes ?? undefined };
    const applied = await this.apply.run(principal, request, {
      isDefault: input.isDefault ?? undefined,
      validFrom: input.validFrom ?? undefined,
    });
    return {
      tariff: toTariffNode(applied.tariff),
      changed: applied.changed,
      version: applied.version.version,
      validFrom: applied.version.validFrom,
      findings: applied.findings,
    };
  }

  @Mutation()
  @Allow('sessions:write')
  async createQuote(@Args('input') input: { connectorId: string }, @CurrentPrincipal() principal: Principal) {
    return { quote: toQuoteNode(await this.quote.run(principal, input.connectorId)) };
  }

  @ResolveReference()
  @Allow('tariffs:read')
  async reference(reference: { id: string }, context: GraphqlContext) {
    const { principal } = context;
    if (!principal) return null;
    const tariff = await batchLoad(context, 'billing.tariff', reference.id, (ids) =>
      this.view.byIds(principal, ids),
    );
    return tariff ? toTariffNode(tariff) : null;
  }
}
