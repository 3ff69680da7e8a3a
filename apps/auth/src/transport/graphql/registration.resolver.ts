import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, Public, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ChangePassword } from '../../usecases/change-password.js';
import { ConfirmEmail } from '../../usecases/confirm-email.js';
import { Register, type Registration } from '../../usecases/register.js';
import { deviceOf, toSignInResult } from './sign-in-result.js';

interface AddressInput {
  readonly email: string;
  readonly tenant?: string | null;
}

const ACCEPTED = { accepted: true };

/** Accounts that people make themselves, and passwords. */
@Resolver()
export class RegistrationResolver {
  constructor(
    private readonly registration: Register,
    private readonly confirmation: ConfirmEmail,
    private readonly passwords: ChangePassword,
  ) {}

  @Mutation()
  @Public()
  async register(@Args('input') input: Registration, @Context() context: GraphqlContext) {
    await this.registration.run(input, deviceOf(context));
    return ACCEPTED;
  }

  @Mutation()
  @Public()
  async requestEmailConfirmation(@Args('input') input: AddressInput, @Context() context: GraphqlContext) {
    await this.registration.again(input, deviceOf(context));
    return ACCEPTED;
  }

  @Mutation()
  @Public()
  async confirmEmail(
    @Args('input') input: { link: string; password: string },
    @Context() context: GraphqlContext,
  ) {
    return toSignInResult(await this.confirmation.run(input.link, input.password, deviceOf(context)));
  }

  @Mutation()
  @Public()
  async requestPasswordReset(@Args('input') input: AddressInput, @Context() context: GraphqlContext) {
    await this.passwords.request(input, deviceOf(context));
    return ACCEPTED;
  }

  @Mutation()
  @Public()
  async resetPassword(
    @Args('input') input: { link: string; newPassword: string },
    @Context() context: GraphqlContext,
  ) {
    await this.passwords.withLink(input.link, input.newPassword, deviceOf(context));
    return ACCEPTED;
  }

  @Mutation()
  @Allow('accounts:write')
  async changePassword(
    @Args('input') input: { oldPassword: string; newPassword: string },
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    const { oldPassword, newPassword } = input;
    return { ended: await this.passwords.withOld(principal, oldPassword, newPassword, deviceOf(context)) };
  }
}
