import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Public, type GraphqlContext } from '@kilowatch/platform';
import { SignInWithProvider } from '../../usecases/sign-in-with-provider.js';
import { deviceOf, toSignInResult } from './sign-in-result.js';

@Resolver()
export class ProviderResolver {
  constructor(private readonly signIn: SignInWithProvider) {}

  @Query()
  @Public()
  signInProviders(@Args() args: { tenant?: string | null }) {
    return this.signIn.providers(args.tenant ?? undefined);
  }

  @Mutation()
  @Public()
  startProviderSignIn(@Args('input') input: { providerId: string; tenant?: string | null }) {
    return this.signIn.start(input.providerId, input.tenant ?? undefined);
  }

  @Mutation()
  @Public()
  async finishProviderSignIn(
    @Args('input') input: { flow: string; callback: string },
    @Context() context: GraphqlContext,
  ) {
    return toSignInResult(await this.signIn.finish(input.flow, input.callback, deviceOf(context)));
  }
}
