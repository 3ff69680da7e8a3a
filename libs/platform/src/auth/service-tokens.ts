import { unauthenticated, type AppError, type Clock, type Secret } from '@kilowatch/kernel';
import { SignJWT, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { counter } from '../trace/metrics.js';

/** Header (HTTP) and metadata key (gRPC) that carries the service token. */
export const SERVICE_TOKEN_HEADER = 'x-kilowatch-service';
/** Code of the refusal: a client treats it as its own fault, not as its user's. */
export const SERVICE_TOKEN_REFUSED = 'SERVICE_TOKEN_REFUSED';

const LIFETIME_SECONDS = 60;
/** A token is replaced this long before it expires, so that clocks a few seconds apart do no harm. */
const RENEW_BEFORE_MS = 20_000;
const LEEWAY_SECONDS = 10;
const AUDIENCE = 'kilowatch-internal';
const TYPE = 'kilowatch-service+jwt';

/**
 * Tokens with which services prove to each other that they are ours: HS256, 60 s, secret shared by all services.
 * Issuing and verifying are cached, so a call usually costs a map look-up.
 */
export class ServiceTokens {
  private readonly key: Uint8Array;
  private current?: { token: Promise<string>; renewAtMs: number };
  private readonly verified = new LRUCache<string, { service: string; expiresAtMs: number }>({ max: 500 });

  constructor(private readonly options: { service: string; secret: Secret; clock: Clock }) {
    this.key = new TextEncoder().encode(options.secret.reveal());
    if (this.key.length < 32) throw new Error('The service secret must have at least 32 bytes');
  }

  /** A token that names this service, valid for at least 20 s. */
  token(): Promise<string> {
    const now = this.options.clock.now().getTime();
    if (!this.current || now >= this.current.renewAtMs) {
      this.current = { token: this.issue(now), renewAtMs: now + LIFETIME_SECONDS * 1000 - RENEW_BEFORE_MS };
    }
    return this.current.token;
  }

  /** The name of the calling service; throws UNAUTHENTICATED for anything but a valid service token. */
  async verify(token: string | undefined): Promise<string> {
    if (token === undefined || token === '') throw refused('missing');
    const now = this.options.clock.now();
    const known = this.verified.get(token);
    if (known && known.expiresAtMs > now.getTime()) return known.service;
    const verified = await this.check(token, now);
    this.verified.set(token, verified);
    return verified.service;
  }

  private issue(nowMs: number): Promise<string> {
    const issuedAt = Math.floor(nowMs / 1000);
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256', typ: TYPE })
      .setIssuer(this.options.service)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS)
      .sign(this.key);
  }

  private async check(token: string, now: Date): Promise<{ service: string; expiresAtMs: number }> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: ['HS256'],
        audience: AUDIENCE,
        typ: TYPE,
        clockTolerance: LEEWAY_SECONDS,
        currentDate: now,
        requiredClaims: ['iss', 'iat', 'exp'],
      });
      return { service: payload.iss ?? '', expiresAtMs: (payload.exp ?? 0) * 1000 };
    } catch {
      throw refused('not valid');
    }
  }
}

function refused(reason: string): AppError {
  counter('kw_auth_refused_total').inc({ reason: `service token: ${reason}` });
  return unauthenticated(SERVICE_TOKEN_REFUSED, 'Only services of this system may call this', { reason });
}
