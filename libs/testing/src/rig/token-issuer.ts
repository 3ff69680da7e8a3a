import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, type JWTPayload } from 'jose';

export interface TestPrincipal {
  readonly accountId: string;
  readonly tenant: string;
  readonly role: 'driver' | 'operator' | 'support' | 'partner' | 'client' | 'admin';
  /** Of a machine client. */
  readonly scopes?: readonly string[];
  /** Of a partner: `DE*ABC`. */
  readonly party?: string;
}

export interface TokenIssuer {
  readonly issuer: string;
  readonly jwksUrl: string;
  token(principal: TestPrincipal): Promise<string>;
  /** The token of Anna, a driver of `demo`, good for half an hour; `claims` replaces any of it, or makes it a bad one. */
  sign(claims?: JWTPayload): Promise<string>;
  close(): void;
}

const HALF_AN_HOUR_S = 1_800;

/** A small identity provider on loopback: publishes one key, signs access tokens as auth does. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'rig', alg: 'ES256', use: 'sig' }];
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = 'https://kilowatch.test';
  const sign = (claims: JWTPayload = {}) => {
    const iat = Math.floor(Date.now() / 1000);
    const usual = { iss: issuer, aud: 'kilowatch', sub: 'anna', tenant: 'demo', role: 'driver' };
    return new SignJWT({ ...usual, iat, exp: iat + HALF_AN_HOUR_S, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'rig', typ: 'at+jwt' })
      .sign(privateKey);
  };
  return {
    issuer,
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    token: ({ accountId, tenant, role, scopes = [], party }) =>
      sign({ sub: accountId, tenant, role, scope: scopes.join(' '), ...(party ? { party } : {}) }),
    sign,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
