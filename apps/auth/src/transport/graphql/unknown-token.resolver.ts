import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isUuid, maskToken, notFound } from '@kilowatch/kernel';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { UnknownTokens, type Approval, type UnknownToken } from '../../usecases/unknown-tokens.js';
import { toTokenNode } from './token.resolver.js';

@Resolver()
export class UnknownTokenResolver {
  constructor(private readonly unknown: UnknownTokens) {}

  @Query()
  @Allow('tokens:read', 'all')
  async unknownTokens(
    @Args() args: { first: number; after?: string; ignored?: boolean | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['time', 'id']);
    const rows = await this.unknown.list(principal, page, args.ignored ?? false);
    return connection(page, rows, (row) => [row.lastSeen.toISOString(), row.id], toNode);
  }

  @Mutation()
  @Allow('tokens:write', 'all')
  async approveUnknownToken(
    @Args('input') input: Approval,
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    checkId(input.id);
    return { token: toTokenNode(await this.unknown.approve(principal, input, clientAddress)) };
  }

  @Mutation()
  @Allow('tokens:write', 'all')
  async ignoreUnknownToken(
    @Args('input') { id, ignored }: { id: string; ignored: boolean },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    checkId(id);
    return { unknownToken: toNode(await this.unknown.setIgnored(principal, id, ignored, clientAddress)) };
  }
}

function checkId(id: string): void {
  if (!isUuid(id)) throw notFound('AUTH_UNKNOWN_TOKEN', 'There is no such card on the list.');
}

function toNode({ value, stationIds, times, ...row }: UnknownToken) {
  return {
    ...row,
    masked: maskToken(value),
    times: Math.min(times, 2 ** 31 - 1),
    stations: stationIds.map((id) => ({ id })),
  };
}
