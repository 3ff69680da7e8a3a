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
import {
  maskedEmaid,
  providerOf,
  type ContractRequest,
  type ContractRequestState,
} from '../../domain/contract-request.js';
import { ContractRequests } from '../../usecases/contract-requests.js';
import { ViewContracts, type ContractPlace } from '../../usecases/view-contracts.js';
import { ViewPeople } from '../../usecases/view-people.js';

export type RequestNode = ReturnType<typeof toRequestNode>;

@Resolver('ContractRequest')
export class ContractRequestResolver {
  constructor(
    private readonly view: ViewContracts,
    private readonly people: ViewPeople,
    private readonly requests: ContractRequests,
  ) {}

  @Query()
  @Allow('contracts:read')
  async contractRequests(
    @Args() args: { first: number; after?: string; state?: ContractRequestState | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const rows = await this.view.requests(principal, page, args.state ?? undefined);
    return connection(page, rows, ({ id }) => [id], toRequestNode);
  }

  @Mutation()
  @Allow('contracts:write')
  async requestMyContract(
    @Args('input') input: { emaid: string; name?: string | null; note?: string | null },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { request: toRequestNode(await this.requests.add(principal, input, clientAddress)) };
  }

  @Mutation()
  @Allow('contracts:write')
  async requestContractRemoval(
    @Args('input') input: { contractId: string; note?: string | null },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    if (!isUuid(input.contractId)) throw notFound('AUTH_CONTRACT', 'There is no such contract.');
    return { request: toRequestNode(await this.requests.remove(principal, input, clientAddress)) };
  }

  @Mutation()
  @Allow('contracts:write')
  async withdrawContractRequest(
    @Args('input') { id }: { id: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    checkId(id);
    return { request: toRequestNode(await this.requests.withdraw(principal, id, clientAddress)) };
  }

  @Mutation()
  @Allow('contracts:write', 'all')
  async decideContractRequest(
    @Args('input') input: { id: string; approve: boolean; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    checkId(input.id);
    if (!input.approve && input.reason.trim() === '')
      throw invalid('AUTH_REASON', 'Say why: the driver reads it.');
    return { request: toRequestNode(await this.requests.decide(principal, input, clientAddress)) };
  }

  @ResolveField()
  @Allow('contracts:read')
  async proof(@Parent() { id, kind }: RequestNode, @Context() context: GraphqlContext) {
    if (kind !== 'ADD') return null;
    const proof = await batchLoad(context, 'auth.contract-proof', id, (ids) =>
      this.view.proofs(context.principal!, ids),
    );
    return proof ? placeNode(proof) : null;
  }

  @ResolveField()
  @Allow('accounts:read')
  async account(
    @Parent() { accountId }: RequestNode,
    @Context() context: GraphqlContext,
  ): Promise<object | null> {
    const account = await batchLoad(context, 'auth.account', accountId, (ids) =>
      this.people.accounts(context.principal!, ids),
    );
    return account ? { ...account, role: account.role.toUpperCase() } : null;
  }
}

function checkId(id: string): void {
  if (!isUuid(id)) throw notFound('AUTH_CONTRACT_REQUEST', 'There is no such request.');
}

export function placeNode({ at, stationIdentity, locationName }: ContractPlace) {
  return { at, stationIdentity: stationIdentity || null, locationName: locationName || null };
}

export function toRequestNode({ emaid, name, note, reason, decidedAt, ...request }: ContractRequest) {
  const { id, kind, state, accountId, createdAt } = request;
  return {
    ...{ id, kind, state, accountId, createdAt },
    masked: maskedEmaid(emaid),
    provider: providerOf(emaid),
    name: name || null,
    note: note || null,
    reason: reason || null,
    decidedAt: decidedAt ?? null,
  };
}
