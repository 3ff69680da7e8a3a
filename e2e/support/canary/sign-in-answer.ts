import type { Canaries } from './canaries.js';

export const SIGNED_IN = `__typename ... on SignedIn { accessToken refreshToken }
  ... on SignInRefused { reason message } ... on SecondFactorNeeded { challenge }`;

export interface SignInAnswer {
  readonly __typename: string;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly challenge?: string;
}

/** The tokens that were given out, from now on canaries; undefined when none were. */
export function canarySignedIn(
  canaries: Canaries,
  name: string,
  answer: SignInAnswer | null | undefined,
): { readonly accessToken: string; readonly refreshToken: string } | undefined {
  const { accessToken, refreshToken } = answer ?? {};
  if (!accessToken || !refreshToken) return undefined;
  canaries.jwt(`access token of the ${name}`, accessToken);
  canaries.learn(`refresh token of the ${name}`, refreshToken);
  return { accessToken, refreshToken };
}
