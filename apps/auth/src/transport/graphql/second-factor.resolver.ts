import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { invalid, isUuid, notFound, unauthenticated } from '@kilowatch/kernel';
import { Allow, CurrentPrincipal, Public, type GraphqlContext, type Principal } from '@kilowatch/platform';
import type { Role } from '../../domain/account.js';
import { EnrolTotp, type Enroller } from '../../usecases/enrol-totp.js';
import { SignIn } from '../../usecases/sign-in.js';
import { SignInPolicies } from '../../usecases/sign-in-policies.js';
import { ViewSecurity } from '../../usecases/view-security.js';
import type { CodeProof } from '../../usecases/second-factor.js';
import { deviceOf, toSignedIn, toSignInResult } from './sign-in-result.js';

type Proof = CodeProof & { readonly password: string };

const ACCEPTED = { accepted: true };

@Resolver()
export class SecondFactorResolver {
  constructor(
    private readonly signIn: SignIn,
    private readonly totp: EnrolTotp,
    private readonly policies: SignInPolicies,
    private readonly view: ViewSecurity,
  ) {}

  @Query()
  @Allow('accounts:read')
  mySecurity(@CurrentPrincipal() principal: Principal) {
    return this.view.own(principal);
  }

  @Query()
  @Allow('accounts:write', 'all')
  async signInPolicy(@CurrentPrincipal() principal: Principal) {
    return toPolicy(await this.policies.secondFactorRoles(principal));
  }

  @Mutation()
  @Public()
  async completeSignIn(
    @Args('input') input: CodeProof & { challenge: string },
    @Context() context: GraphqlContext,
  ) {
    return toSignInResult(await this.signIn.withCode(input.challenge, input, deviceOf(context)));
  }

  /** Without a challenge only who is signed in may. */
  @Mutation()
  @Public()
  startTotp(
    @Args('input') input: { challenge?: string | null; password?: string | null },
    @Context() context: GraphqlContext,
  ) {
    const password = input.password ?? '';
    return this.totp.start({ ...whoOf(context, input.challenge), password } as Enroller);
  }

  @Mutation()
  @Public()
  async confirmTotp(
    @Args('input') input: { challenge?: string | null; code: string },
    @Context() context: GraphqlContext,
  ) {
    const { recoveryCodes, signedIn } = await this.totp.confirm(
      whoOf(context, input.challenge),
      input.code,
      deviceOf(context),
    );
    return { recoveryCodes, signedIn: signedIn ? toSignedIn(signedIn) : null };
  }

  @Mutation()
  @Allow('accounts:write')
  async disableTotp(
    @Args('input') input: Proof,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    await this.totp.takeOff(principal, input.password, input, deviceOf(context));
    return ACCEPTED;
  }

  @Mutation()
  @Allow('accounts:write')
  async renewRecoveryCodes(
    @Args('input') input: Proof,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    return {
      recoveryCodes: await this.totp.renewCodes(principal, input.password, input, deviceOf(context)),
    };
  }

  @Mutation()
  @Allow('accounts:write', 'all')
  async resetSecondFactor(
    @Args('input') input: { accountId: string; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    if (!isUuid(input.accountId)) throw notFound('AUTH_ACCOUNT', 'There is no such account.');
    if (input.reason.trim() === '') throw invalid('AUTH_REASON', 'Say why: the reason is kept.');
    await this.totp.reset(principal, input.accountId, input.reason, deviceOf(context));
    return ACCEPTED;
  }

  @Mutation()
  @Allow('accounts:write', 'all')
  async setSignInPolicy(
    @Args('input') input: { secondFactorRoles: Uppercase<Role>[] },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    const roles = input.secondFactorRoles.map((role) => role.toLowerCase() as Role);
    return toPolicy(await this.policies.set(principal, roles, clientAddress));
  }
}

function whoOf({ principal }: GraphqlContext, challenge: string | null | undefined) {
  if (challenge) return { challenge };
  if (!principal) throw unauthenticated('AUTH_REQUIRED', 'Sign in first');
  return { principal };
}

const toPolicy = (roles: readonly Role[]) => ({
  secondFactorRoles: roles.map((role) => role.toUpperCase()),
});
