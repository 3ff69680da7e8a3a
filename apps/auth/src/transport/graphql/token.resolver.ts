import {
  Args,
  Context,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { invalid, isUuid, maskToken, notFound } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { ImportTokens, type TokenInput, type TokenStatus } from '../../usecases/import-tokens.js';
import type { TokenLimits } from '../../domain/token-limits.js';
import { ViewPeople, type DecisionRow, type Token } from '../../usecases/view-people.js';

export interface TokenNode {
  readonly id: string;
  readonly masked: string;
  readonly type: string;
  readonly status: TokenStatus;
  readonly expiresAt: Date | null;
  readonly groupId: string | null;
  readonly allowConcurrent: boolean;
  readonly limits: TokenLimits;
  readonly prepaid: boolean;
  readonly createdAt: Date;
  readonly accountId: string | undefined;
}

@Resolver('Token')
export class TokenResolver {
  constructor(
    private readonly view: ViewPeople,
    private readonly importTokensCase: ImportTokens,
  ) {}

  @Query()
  @Allow('tokens:read')
  async tokens(
    @Args() args: { first: number; after?: string; search?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const { rows, total } = await this.view.listTokens(principal, page, { search: args.search });
    return { ...connection(page, rows, (token) => [token.id], toTokenNode), totalCount: total };
  }

  @Query()
  @Allow('tokens:read', 'all')
  async authorizationDecisions(
    @Args() args: { first: number; after?: string; stationId?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    if (args.stationId && !isUuid(args.stationId))
      throw notFound('AUTH_STATION', 'There is no such station.');
    const rows = await this.view.listDecisions(principal, page, args.stationId ?? undefined);
    return connection(page, rows, (decision) => [decision.id], toDecisionNode);
  }

  @Mutation()
  @Allow('tokens:write', 'all')
  importTokens(
    @Args('input') input: { tokens: TokenInput[] },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return this.importTokensCase.run(principal, input.tokens, clientAddress);
  }

  @Mutation()
  @Allow('tokens:write', 'all')
  async setTokenStatus(
    @Args('input') input: { tokenId: string; status: TokenStatus; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    if (!isUuid(input.tokenId)) throw notFound('AUTH_TOKEN', 'There is no such token.');
    if (input.reason.trim() === '') throw invalid('AUTH_REASON', 'Say why: the reason is kept.');
    return {
      token: toTokenNode(await this.importTokensCase.setStatus(principal, input, clientAddress)),
    };
  }

  @ResolveReference()
  @Allow('tokens:read')
  async reference(reference: { id: string }, context: GraphqlContext): Promise<TokenNode | null> {
    const { principal } = context;
    if (!principal || !isUuid(reference.id)) return null;
    const token = await batchLoad(context, 'auth.token', reference.id, (ids) =>
      this.view.tokens(principal, ids),
    );
    return token ? toTokenNode(token) : null;
  }

  @ResolveField()
  @Allow('accounts:read')
  async account(@Parent() token: TokenNode, @Context() context: GraphqlContext): Promise<object | null> {
    const { principal } = context;
    const { accountId } = token;
    if (!principal || !accountId) return null;
    const account = await batchLoad(context, 'auth.account', accountId, (ids) =>
      this.view.accounts(principal, ids),
    );
    return account ? { ...account, role: account.role.toUpperCase() } : null;
  }
}

export function toTokenNode(token: Token): TokenNode {
  return {
    id: token.id,
    masked: maskToken(token.value),
    type: token.type,
    status: token.status,
    expiresAt: token.expiresAt ?? null,
    groupId: token.groupId || null,
    allowConcurrent: token.allowConcurrent,
    limits: token.limits,
    prepaid: token.prepaid,
    createdAt: token.createdAt,
    accountId: token.accountId,
  };
}

function toDecisionNode(decision: DecisionRow) {
  const { id, status, purpose, reason, tokenMasked, tokenType, stationId, evseNumber } = decision;
  const { weak, offline, policyVersion, decidedAt } = decision;
  return {
    ...{ id, status, purpose, reason, tokenMasked, tokenType, stationId, evseNumber },
    ...{ weak, offline, policyVersion, decidedAt },
    certificateStatus: decision.certificateStatus || null,
    ocppMessageId: decision.ocppMessageId || null,
  };
}
