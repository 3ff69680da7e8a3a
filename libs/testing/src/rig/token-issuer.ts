import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

export interface TestPrincipal {
  readonly accountId: string;
  readonly tenant: string;
  readonly role: 'driver' | 'operator' | 'admin';
}

export interface TokenIssuer {
  readonly issuer: string;
  readonly jwksUrl: string;
  token(principal: TestPrincipal): Promise<string>;
  close(): void;
}

/** A small identity provider on loopback: publishes one key, signs access tokens as auth does. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'rig', alg: 'ES256', use: 'sig' }];
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = 'https://kilowatch.test';
  return {
    issuer,
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    token: ({ accountId, tenant, role }) =>
      new SignJWT({ tenant, role })
        .setProtectedHeader({ alg: 'ES256', kid: 'rig', typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience('kilowatch')
        .setSubject(accountId)
        .setIssuedAt()
        .setExpirationTime('30m')
        .sign(privateKey),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
