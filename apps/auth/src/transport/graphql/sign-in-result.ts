import { ResolveField, Resolver } from '@nestjs/graphql';
import { Public, type GraphqlContext } from '@kilowatch/platform';
import type { Device } from '../../domain/device.js';
import type { SignedIn, SignInOutcome, SignInRefused } from '../../usecases/sign-in.js';
import { toAccountNode } from './account-node.js';

const REFUSALS: Readonly<Record<SignInRefused['reason'], string>> = {
  WRONG_CREDENTIALS: 'E-mail address, password or code is wrong.',
  INACTIVE: 'This account is switched off. Ask your operator.',
  RATE_LIMITED: 'Too many attempts. Wait and try again.',
  REFRESH_TOKEN_INVALID: 'Please sign in again.',
  EMAIL_NOT_VERIFIED: 'Open the link in the mail that you got when you registered, or ask for it again.',
  CHALLENGE_INVALID: 'This took too long. Please sign in again.',
  PROVIDER_REFUSED: 'Your identity provider did not let you in here. Ask your operator.',
};

/** Where the request comes from, as the gateway tells. */
export function deviceOf({ clientAddress, clientAgent }: GraphqlContext): Device {
  return { address: clientAddress, agent: clientAgent };
}

export function toSignInResult(outcome: SignInOutcome) {
  if ('reason' in outcome) return { ...outcome, message: REFUSALS[outcome.reason] };
  return 'challenge' in outcome ? outcome : toSignedIn(outcome);
}

export function toSignedIn(signedIn: SignedIn) {
  return { ...signedIn, account: toAccountNode(signedIn.account) };
}

@Resolver('SignInResult')
export class SignInResultResolver {
  @ResolveField('__resolveType')
  @Public()
  type(result: object): string {
    if ('challenge' in result) return 'SecondFactorNeeded';
    return 'accessToken' in result ? 'SignedIn' : 'SignInRefused';
  }
}
