import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

export interface Person {
  sub?: string;
  role?: string;
  tenant?: string;
  /** Negative: it has expired. */
  seconds?: number;
}

export interface TokenIssuer {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** `Bearer ...` for a person; Anna, a driver of `demo`, for five minutes unless said otherwise. */
  bearer(person?: Person): Promise<string>;
  close(): void;
}

/** A small identity provider on loopback: publishes one key, signs access tokens. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }];
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = 'https://kilowatch.test';
  return {
    issuer,
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    async bearer({ sub = 'anna', role = 'driver', tenant = 'demo', seconds = 300 } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const token = await new SignJWT({ iss: issuer, aud: 'kilowatch', sub, tenant, role })
        .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })
        .setIssuedAt(Math.min(now, now + seconds - 60))
        .setExpirationTime(now + seconds)
        .sign(privateKey);
      return `Bearer ${token}`;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
