import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { isUuid, notFound } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { OwnTokens, type TokenUse } from '../../usecases/own-tokens.js';
import { toTokenNode, type TokenNode } from './token.resolver.js';

@Resolver('Token')
export class OwnTokenResolver {
  constructor(private readonly own: OwnTokens) {}

  @Query()
  @Allow('tokens:read')
  async tokenUses(
    @Args() args: { first: number; after?: string; tokenId?: string | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const tokenId = args.tokenId == null ? undefined : knownId(args.tokenId);
    return connection(page, await this.own.uses(principal, tokenId, page), ({ id }) => [id], toNode);
  }

  @Mutation()
  @Allow('tokens:write')
  async renameMyToken(
    @Args('input') input: { tokenId: string; name: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { token: toTokenNode(await this.own.rename(principal, knownId(input.tokenId), input.name)) };
  }

  @Mutation()
  @Allow('tokens:write')
  async blockMyToken(
    @Args('input') input: { tokenId: string; reason?: string | null },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    const reason = input.reason?.trim() || 'blocked by its holder';
    return {
      token: toTokenNode(await this.own.block(principal, knownId(input.tokenId), reason, clientAddress)),
    };
  }

  @Mutation()
  @Allow('tokens:write')
  async unblockMyToken(
    @Args('input') input: { tokenId: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { token: toTokenNode(await this.own.unblock(principal, knownId(input.tokenId), clientAddress)) };
  }

  @ResolveField()
  @Allow('tokens:read')
  async name(@Parent() token: TokenNode, @Context() context: GraphqlContext): Promise<string | null> {
    return (await this.holder(token, context))?.name || null;
  }

  @ResolveField()
  @Allow('tokens:read')
  async blockedByHolder(@Parent() token: TokenNode, @Context() context: GraphqlContext): Promise<boolean> {
    return (await this.holder(token, context))?.blocked ?? false;
  }

  @ResolveField()
  @Allow('tokens:read')
  async openSessions(
    @Parent() token: TokenNode,
    @Context() context: GraphqlContext,
  ): Promise<{ id: string }[]> {
    const tenant = context.principal!.tenant;
    const sessions = await batchLoad(context, 'auth.token-sessions', token.id, (ids) =>
      this.own.openSessions(tenant, ids),
    );
    return (sessions ?? []).map((id) => ({ id }));
  }

  private holder(token: TokenNode, context: GraphqlContext) {
    const tenant = context.principal!.tenant;
    return batchLoad(context, 'auth.token-holder', token.id, (ids) => this.own.holders(tenant, ids));
  }
}

function knownId(id: string): string {
  if (!isUuid(id)) throw notFound('AUTH_TOKEN', 'There is no such token.');
  return id;
}

function toNode({ stationIdentity, locationName, runningSessionId, ...use }: TokenUse) {
  return {
    ...use,
    stationIdentity: stationIdentity || null,
    locationName: locationName || null,
    runningSession: runningSessionId ? { id: runningSessionId } : null,
  };
}
