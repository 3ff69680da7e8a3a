import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, CONFIG, IDS, type ConfigOf } from '@kilowatch/platform';
import { calculateJwkThumbprint, exportJWK, importPKCS8, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { configShape } from '../config.js';
import type { Account } from '../persistence/account.repository.js';

const DEFAULT_ISSUER = 'https://kilowatch.local';

/** Signs access tokens (RFC 9068, ES256) and publishes the key they are verified with. */
@Injectable()
export class AccessTokens {
  private readonly key: Promise<{ privateKey: CryptoKey; publicJwk: JWK }>;

  constructor(
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {
    this.key = signingKey(config.KW_AUTH_SIGNING_KEY.reveal());
    // Awaited by whoever signs first; without this a bad key would be an unhandled rejection before that.
    this.key.catch(() => undefined);
  }

  /** `sessionId`: the sign-in it belongs to. */
  async issue(account: Account, sessionId: string): Promise<{ token: string; expiresAt: Date }> {
    const { privateKey, publicJwk } = await this.key;
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + this.config.KW_ACCESS_TOKEN_MINUTES * 60_000);
    const token = await new SignJWT({
      tenant: account.tenant,
      role: account.role,
      sid: sessionId,
      ...(account.party ? { party: account.party } : {}),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: publicJwk.kid ?? '' })
      .setIssuer(this.config.KW_JWT_ISSUER ?? DEFAULT_ISSUER)
      .setAudience('kilowatch')
      .setSubject(account.id)
      .setJti(this.ids.newId())
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .sign(privateKey);
    return { token, expiresAt };
  }

  /** JSON Web Key Set (RFC 7517) with public keys only. */
  async keySet(): Promise<{ keys: JWK[] }> {
    return { keys: [(await this.key).publicJwk] };
  }
}

/** What is stored of a refresh token. */
export function refreshTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

async function signingKey(pem: string): Promise<{ privateKey: CryptoKey; publicJwk: JWK }> {
  const privateKey = await importPKCS8(pem, 'ES256', { extractable: true });
  const { kty, crv, x, y } = await exportJWK(privateKey);
  const jwk: JWK = { kty, crv, x, y };
  return {
    privateKey,
    publicJwk: { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' },
  };
}
