import { createHash } from 'node:crypto';
import { isAppError, unauthenticated, unavailable, type AppError, type Clock } from '@kilowatch/kernel';
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { counter } from '../trace/metrics.js';
import { principalFromClaims } from './claims.js';
import type { Principal } from './principal.js';
import { externalName, RevokedTokens, revokedUrl } from './revoked-tokens.js';
import type { TrustedIssuer } from './trusted-issuers.js';

/** Asymmetric only: with no symmetric algorithm in the list a public key can never be used as an HMAC secret. */
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256'];
const LEEWAY_SECONDS = 30;
const MAX_TOKEN_LENGTH = 8_192;
const CACHED_TOKENS = 10_000;

interface Verified {
  principal: Principal;
  expiresAtMs: number;
}

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/**
 * The one verifier of access tokens (RFC 8725): fixed algorithms, known issuers, audience, type, times with 30 s
 * leeway; keys come from the issuer's configured JWKS only, never from the token's header (jku, jwk, x5u are ignored).
 * A verified token is remembered by its hash until it expires; whether its sign-in was ended is asked all the same.
 */
export class JwtVerifier {
  private readonly trusted = new Map<string, { issuer: TrustedIssuer; keys: KeySet }>();
  private readonly verified = new LRUCache<string, Verified>({ max: CACHED_TOKENS });
  /** Of our own issuer, who also knows which people of others are switched off here. */
  private readonly revoked: RevokedTokens | undefined;

  constructor(
    issuers: readonly TrustedIssuer[],
    private readonly clock: Clock,
  ) {
    for (const issuer of issuers) {
      const keys = createRemoteJWKSet(new URL(issuer.jwksUrl), {
        timeoutDuration: 3_000,
        cooldownDuration: 5_000,
      });
      this.trusted.set(issuer.issuer, { issuer, keys });
    }
    const own = issuers.find((issuer) => issuer.own);
    this.revoked = own && new RevokedTokens(revokedUrl(own.jwksUrl));
  }

  /** Throws UNAUTHENTICATED, always with the same text; UNAVAILABLE when the issuer's keys cannot be fetched. */
  async verify(token: string): Promise<Principal> {
    if (token.length > MAX_TOKEN_LENGTH) throw refused('too long');
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.verified.get(key);
    const isGood = known !== undefined && known.expiresAtMs > this.clock.now().getTime();
    const verified = isGood ? known : await this.check(token);
    if (!isGood) this.verified.set(key, verified);
    if (await this.isRevoked(verified.principal))
      throw refused('its sign-in was ended, or the account switched off');
    return verified.principal;
  }

  private async isRevoked({ sessionId, role, accountId, tenant, external }: Principal): Promise<boolean> {
    const id = external
      ? externalName(tenant, accountId)
      : (sessionId ?? (role === 'client' ? accountId : undefined));
    return id !== undefined && (await this.revoked?.has(id)) === true;
  }

  private async check(token: string): Promise<Verified> {
    try {
      const trusted = this.trusted.get(decodeJwt(token).iss ?? '');
      if (!trusted) throw refused('issuer not trusted');
      const { issuer, keys } = trusted;
      const now = this.clock.now();
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ALGORITHMS,
        issuer: issuer.issuer,
        audience: issuer.audience,
        typ: issuer.type,
        clockTolerance: LEEWAY_SECONDS,
        currentDate: now,
        requiredClaims: ['exp', 'iat', 'sub'],
      });
      if ((payload.iat ?? 0) * 1000 > now.getTime() + LEEWAY_SECONDS * 1000)
        throw refused('issued in the future');
      const principal = principalFromClaims(payload, issuer);
      if (!principal) throw refused('claims do not name an account, tenant and role');
      return { principal, expiresAtMs: (payload.exp ?? 0) * 1000 };
    } catch (error) {
      throw asAppError(error);
    }
  }
}

function asAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (error instanceof errors.JOSEError && !UNREACHABLE.includes(error.code)) return refused(error.code);
  return unavailable('AUTH_KEYS_UNAVAILABLE', 'Sign-in cannot be checked right now', {
    reason: error instanceof Error ? error.message : String(error),
  });
}

/** The key set's own failures: time-out, and an answer that is not 200 or not a key set (generic code). */
const UNREACHABLE = [errors.JWKSTimeout.code, errors.JOSEError.code, errors.JWKSInvalid.code];

function refused(reason: string): AppError {
  counter('kw_auth_refused_total').inc({ reason: `access token: ${reason}` });
  return unauthenticated('AUTH_TOKEN_REFUSED', 'The access token is not valid', { reason });
}
