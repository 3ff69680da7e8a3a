import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isUuid, notFound } from '@kilowatch/kernel';
import { Allow, CurrentPrincipal, Public, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { Passkeys, type Passkey } from '../../usecases/passkeys.js';
import { SignInWithPasskey } from '../../usecases/sign-in-with-passkey.js';
import { deviceOf, toSignInResult } from './sign-in-result.js';

@Resolver('Passkey')
export class PasskeyResolver {
  constructor(
    private readonly passkeys: Passkeys,
    private readonly signIn: SignInWithPasskey,
  ) {}

  @Query()
  @Allow('accounts:read')
  async myPasskeys(@CurrentPrincipal() principal: Principal) {
    return (await this.passkeys.list(principal)).map(toNode);
  }

  @Mutation()
  @Allow('accounts:write')
  startPasskey(@Args('input') input: { password: string }, @CurrentPrincipal() principal: Principal) {
    return this.passkeys.start(principal, input.password);
  }

  @Mutation()
  @Allow('accounts:write')
  async finishPasskey(
    @Args('input') input: { ticket: string; response: unknown; name: string },
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    return { passkey: toNode(await this.passkeys.finish(principal, input, deviceOf(context))) };
  }

  @Mutation()
  @Allow('accounts:write')
  async renamePasskey(
    @Args('input') input: { passkeyId: string; name: string },
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    const id = knownId(input.passkeyId);
    return { passkey: toNode(await this.passkeys.rename(principal, id, input.name, deviceOf(context))) };
  }

  @Mutation()
  @Allow('accounts:write')
  async removePasskey(
    @Args('input') input: { passkeyId: string },
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    await this.passkeys.remove(principal, knownId(input.passkeyId), deviceOf(context));
    return { accepted: true };
  }

  @Mutation()
  @Public()
  startPasskeySignIn() {
    return this.signIn.start();
  }

  @Mutation()
  @Public()
  async finishPasskeySignIn(
    @Args('input') input: { ticket: string; response: unknown },
    @Context() context: GraphqlContext,
  ) {
    return toSignInResult(await this.signIn.finish(input.ticket, input.response, deviceOf(context)));
  }
}

function knownId(id: string): string {
  if (!isUuid(id)) throw notFound('AUTH_PASSKEY', 'There is no such passkey.');
  return id;
}

function toNode({ id, name, backedUp, createdAt, lastUsedAt }: Passkey) {
  return { id, name, backedUp, createdAt, lastUsedAt: lastUsedAt ?? null };
}
