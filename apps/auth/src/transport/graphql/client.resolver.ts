import { Args, Context, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { invalid, isUuid, notFound } from '@kilowatch/kernel';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  Public,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { IssueClientToken } from '../../usecases/client-token.js';
import { MachineClients, type MachineClient } from '../../usecases/machine-clients.js';

@Resolver('MachineClient')
export class ClientResolver {
  constructor(
    private readonly clients: MachineClients,
    private readonly issue: IssueClientToken,
  ) {}

  @Query()
  @Allow('clients:read', 'all')
  async machineClients(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    return connection(page, await this.clients.list(principal, page), ({ id }) => [id], toNode);
  }

  @Mutation()
  @Allow('clients:write', 'all')
  async createMachineClient(
    @Args('input') input: { name: string; scopes: string[] },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    const { client, secret } = await this.clients.create(principal, input, clientAddress);
    return { client: toNode(client), secret };
  }

  @Mutation()
  @Allow('clients:write', 'all')
  async rotateMachineClientSecret(
    @Args('input') input: { clientId: string; graceHours?: number | null },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    const wanted = { clientId: knownId(input.clientId), graceHours: input.graceHours ?? 0 };
    const { client, secret } = await this.clients.rotate(principal, wanted, clientAddress);
    return { client: toNode(client), secret };
  }

  @Mutation()
  @Allow('clients:write', 'all')
  async revokeMachineClient(
    @Args('input') input: { clientId: string; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    if (input.reason.trim() === '') throw invalid('AUTH_REASON', 'Say why: the reason is kept.');
    const wanted = { ...input, clientId: knownId(input.clientId) };
    return { client: toNode(await this.clients.revoke(principal, wanted, clientAddress)) };
  }

  @Mutation()
  @Public()
  clientToken(
    @Args('input') input: { clientId: string; clientSecret: string; scope?: string | null },
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return this.issue.run(input, clientAddress);
  }
}

@Resolver('ClientTokenResult')
export class ClientTokenResultResolver {
  @ResolveField('__resolveType')
  @Public()
  type(result: object): string {
    return 'accessToken' in result ? 'ClientToken' : 'ClientTokenRefused';
  }
}

function knownId(id: string): string {
  if (!isUuid(id)) throw notFound('AUTH_CLIENT', 'There is no such client.');
  return id;
}

function toNode({ id, name, scopes, createdAt, lastUsedAt, previousUntil, revokedAt }: MachineClient) {
  return {
    id,
    name,
    scopes,
    createdAt,
    lastUsedAt: lastUsedAt ?? null,
    previousSecretUntil: previousUntil ?? null,
    revokedAt: revokedAt ?? null,
  };
}
