import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isUuid, notFound } from '@kilowatch/kernel';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { deviceName } from '../../domain/device.js';
import { SignInSessions, type SignInSession } from '../../usecases/sign-in-sessions.js';

@Resolver('SignInSession')
export class SignInSessionResolver {
  constructor(private readonly sessions: SignInSessions) {}

  @Query()
  @Allow('accounts:read')
  async signInSessions(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const rows = await this.sessions.list(principal, page);
    return connection(
      page,
      rows,
      ({ id }) => [id],
      (session) => toNode(session, principal),
    );
  }

  @Mutation()
  @Allow('accounts:write')
  async endSignInSession(
    @Args('input') { sessionId }: { sessionId: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    if (!isUuid(sessionId)) throw notFound('AUTH_SESSION', 'There is no such sign-in.');
    await this.sessions.endOne(principal, sessionId, clientAddress);
    return { ended: 1 };
  }

  @Mutation()
  @Allow('accounts:write')
  async endOtherSignInSessions(
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { ended: await this.sessions.endOthers(principal, clientAddress) };
  }
}

function toNode(session: SignInSession, principal: Principal) {
  const { id, method, address, agent, startedAt, lastUsedAt, expiresAt } = session;
  return {
    id,
    method,
    device: deviceName(agent),
    address: address ?? null,
    startedAt,
    lastUsedAt,
    expiresAt,
    current: id === principal.sessionId,
  };
}
