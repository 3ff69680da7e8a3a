import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, CONFIG, IDS, type ConfigOf } from '@kilowatch/platform';
import {
  calculateJwkThumbprint,
  exportJWK,
  importPKCS8,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import type { configShape } from '../config.js';
import type { MachineClient } from '../domain/machine-client.js';
import type { Account } from '../persistence/account.repository.js';

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

const DEFAULT_ISSUER = 'https://kilowatch.local';

/** Signs access tokens (RFC 9068, ES256) and publishes the key they are verified with. */
@Injectable()
export class AccessTokens {
  private readonly key: Promise<{ privateKey: CryptoKey; publicJwk: JWK }>;
  private readonly others: Promise<JWK[]>;

  constructor(
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {
    this.key = signingKey(config.KW_AUTH_SIGNING_KEY.reveal());
    // Awaited by whoever signs first; without this a bad key would be an unhandled rejection before that.
    this.key.catch(() => undefined);
    this.others = Promise.all(publicKeys(config.KW_AUTH_OTHER_KEYS ?? '').map(publicJwkOf));
    this.others.catch(() => undefined);
  }

  /** `sessionId`: the sign-in it belongs to. */
  issue(account: Account, sessionId: string): Promise<IssuedToken> {
    const { tenant, role, party } = account;
    return this.sign(account.id, { tenant, role, sid: sessionId, ...(party ? { party } : {}) });
  }

  /** For a machine: it may what the scopes say. */
  issueToClient({ id, tenant }: MachineClient, scopes: readonly string[]): Promise<IssuedToken> {
    return this.sign(id, { tenant, role: 'client', client_id: id, scope: scopes.join(' ') });
  }

  private async sign(subject: string, claims: JWTPayload): Promise<IssuedToken> {
    const { privateKey, publicJwk } = await this.key;
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + this.config.KW_ACCESS_TOKEN_MINUTES * 60_000);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: publicJwk.kid ?? '' })
      .setIssuer(this.config.KW_JWT_ISSUER ?? DEFAULT_ISSUER)
      .setAudience('kilowatch')
      .setSubject(subject)
      .setJti(this.ids.newId())
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .sign(privateKey);
    return { token, expiresAt };
  }

  /**
   * JSON Web Key Set (RFC 7517) with public keys only: the one that signs, and those of KW_AUTH_OTHER_KEYS, that will sign or have
   * signed tokens which are still out.
   */
  async keySet(): Promise<{ keys: JWK[] }> {
    const [{ publicJwk }, others] = await Promise.all([this.key, this.others]);
    return { keys: [publicJwk, ...others.filter(({ kid }) => kid !== publicJwk.kid)] };
  }
}

/** What is stored of a refresh token. */
export function refreshTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

async function signingKey(pem: string): Promise<{ privateKey: CryptoKey; publicJwk: JWK }> {
  const privateKey = await importPKCS8(pem, 'ES256', { extractable: true });
  return { privateKey, publicJwk: await publicJwkOf(privateKey) };
}

async function publicJwkOf(key: CryptoKey | KeyObject): Promise<JWK> {
  const { kty, crv, x, y } = await exportJWK(key);
  const jwk: JWK = { kty, crv, x, y };
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' };
}

/** One PEM after another. */
function publicKeys(pems: string): KeyObject[] {
  return (pems.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []).map((pem) => {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      throw new Error('KW_AUTH_OTHER_KEYS must be public keys of P-256 (PEM)');
    return key;
  });
}
