import { unauthenticated } from '@kilowatch/kernel';
import type { JwtVerifier, Principal } from '@kilowatch/platform';
import { decodeJwt } from 'jose';

/** Who asks, in the form the subgraphs need it: they verify the token again. */
export interface Identity {
  /** Null for who is not signed in; only public fields answer then. */
  readonly principal: Principal | null;
  /** The header as it goes to the subgraphs. */
  readonly authorization: string | undefined;
  /** When the token stops being good; undefined without one. */
  readonly expiresAtMs: number | undefined;
}

/** Who asks and from where. */
export interface Asking {
  readonly identity: Identity;
  /** As the proxies in front of us saw it; undefined when a subscription runs its query. */
  readonly clientAddress?: string | undefined;
  /** What the client calls itself, as a header may carry it. */
  readonly clientAgent?: string | undefined;
}

export const ANONYMOUS: Identity = { principal: null, authorization: undefined, expiresAtMs: undefined };

const BEARER = /^Bearer ([\w.~+/=-]+)$/i;

/** Verifies `Bearer <token>`; nothing at all is anonymous, anything else is UNAUTHENTICATED. */
export async function identify(verifier: JwtVerifier, authorization: string | undefined): Promise<Identity> {
  if (authorization === undefined) return ANONYMOUS;
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw unauthenticated('AUTH_TOKEN_REFUSED', 'The access token is not valid');
  const principal = await verifier.verify(token);
  // Verified above, and with a required expiry.
  const expiresAtMs = (decodeJwt(token).exp ?? 0) * 1000;
  return { principal, authorization: `Bearer ${token}`, expiresAtMs };
}

/** One person or machine, whatever it may do and however often it signed in. */
export function accountKey({ principal }: Identity): string {
  return `${principal?.tenant}/${principal?.accountId}`;
}

/** Equal for identities that may see the same: executions are shared by it. */
export function sameRightsKey({ principal }: Identity): string {
  if (!principal) return '';
  const { tenant, role, accountId, scopes, party } = principal;
  return JSON.stringify([tenant, role, accountId, [...scopes].sort(), party]);
}
