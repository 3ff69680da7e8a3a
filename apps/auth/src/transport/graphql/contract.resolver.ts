import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { invalid, isUuid, notFound } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { maskedEmaid, providerOf } from '../../domain/contract-request.js';
import { ContractRequests } from '../../usecases/contract-requests.js';
import { ViewContracts, type ContractDetails } from '../../usecases/view-contracts.js';
import type { TokenStatus } from '../../usecases/import-tokens.js';
import type { Token } from '../../usecases/view-people.js';
import { placeNode, toRequestNode, type RequestNode } from './contract-request.resolver.js';
import { toTokenNode } from './token.resolver.js';

type ContractNode = ReturnType<typeof toContractNode>;

@Resolver('Contract')
export class ContractResolver {
  constructor(
    private readonly view: ViewContracts,
    private readonly requests: ContractRequests,
  ) {}

  @Query()
  @Allow('contracts:read')
  async contracts(
    @Args()
    args: { first: number; after?: string; search?: string | null; status?: TokenStatus | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const filter = { search: args.search ?? undefined, status: args.status ?? undefined };
    const { rows, total } = await this.view.list(principal, page, filter);
    return { ...connection(page, rows, ({ id }) => [id], toContractNode), totalCount: total };
  }

  @Query()
  @Allow('contracts:read')
  async contract(
    @Args('id') id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ContractNode | null> {
    const found = isUuid(id) ? (await this.view.contracts(principal, [id])).get(id) : undefined;
    return found ? toContractNode(found) : null;
  }

  @Mutation()
  @Allow('contracts:write', 'all')
  async setContractStatus(
    @Args('input') input: { contractId: string; status: TokenStatus; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    if (!isUuid(input.contractId)) throw notFound('AUTH_CONTRACT', 'There is no such contract.');
    if (input.reason.trim() === '') throw invalid('AUTH_REASON', 'Say why: the reason is kept.');
    return { contract: toContractNode(await this.requests.setStatus(principal, input, clientAddress)) };
  }

  @ResolveField()
  @Allow('contracts:read')
  async validUntil(
    @Parent() contract: ContractNode,
    @Context() context: GraphqlContext,
  ): Promise<Date | null> {
    const { certificates } = await this.details(contract, context);
    return certificates[0]?.validUntil ?? null;
  }

  @ResolveField()
  @Allow('contracts:read')
  async certificates(@Parent() contract: ContractNode, @Context() context: GraphqlContext) {
    const { certificates } = await this.details(contract, context);
    return certificates.map(({ validFrom, validUntil, ...one }) => ({
      ...one,
      validFrom: validFrom ?? null,
      validUntil: validUntil ?? null,
    }));
  }

  @ResolveField()
  @Allow('contracts:read')
  async installations(@Parent() contract: ContractNode, @Context() context: GraphqlContext) {
    return (await this.details(contract, context)).installations.map(placeNode);
  }

  @ResolveField()
  @Allow('contracts:read')
  async lastUse(@Parent() contract: ContractNode, @Context() context: GraphqlContext) {
    const { lastUse } = await this.details(contract, context);
    return lastUse ? placeNode(lastUse) : null;
  }

  @ResolveField()
  @Allow('contracts:read')
  async removalRequest(
    @Parent() { id }: ContractNode,
    @Context() context: GraphqlContext,
  ): Promise<RequestNode | null> {
    const found = await batchLoad(context, 'auth.contract-removal', id, () =>
      this.view.removals(context.principal!),
    );
    return found ? toRequestNode(found) : null;
  }

  private async details({ id }: ContractNode, context: GraphqlContext): Promise<ContractDetails> {
    const found = await batchLoad(context, 'auth.contract', id, (ids) =>
      this.loadDetails(context.principal!, ids),
    );
    return found ?? NO_DETAILS;
  }

  private async loadDetails(principal: Principal, ids: readonly string[]) {
    const contracts = await this.view.contracts(principal, ids);
    return this.view.details(principal, [...contracts.values()]);
  }
}

const NO_DETAILS: ContractDetails = { certificates: [], installations: [], lastUse: undefined };

function toContractNode(held: Token) {
  const { id, value, status, createdAt } = held;
  return {
    ...{ id, status, createdAt },
    token: toTokenNode(held),
    masked: maskedEmaid(value),
    provider: providerOf(value),
  };
}
