import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  SignJWT,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type CryptoKey,
  type JWTHeaderParameters,
} from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { externalAccountId } from './external-account.js';
import { JwtVerifier } from './jwt-verifier.js';
import { externalName, revokedName } from './revoked-tokens.js';
import { parseTrustedIssuers } from './trusted-issuers.js';

const ISSUER = 'https://kilowatch.test';
const NOW = Date.UTC(2026, 10, 21, 10);
const seconds = (offset: number) => NOW / 1000 + offset;

interface Keys {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}
let es: Keys;
let rs: Keys;
let ed: Keys;
let stranger: Keys;
let jwks: Server;
let jwksUrl: string;
let fetched = 0;
/** The list of ended sign-ins beside the keys. */
let revoked: string[] = [];
let listed = 0;
let listWorks = true;
const clock = { ms: NOW, now: () => new Date(clock.ms) };

beforeAll(async () => {
  es = await generateKeyPair('ES256', { extractable: true });
  rs = await generateKeyPair('RS256', { extractable: true });
  ed = await generateKeyPair('EdDSA', { extractable: true });
  stranger = await generateKeyPair('ES256', { extractable: true });
  const published = [
    { ...(await exportJWK(es.publicKey)), kid: 'es', alg: 'ES256', use: 'sig' },
    { ...(await exportJWK(rs.publicKey)), kid: 'rs', use: 'sig' },
    { ...(await exportJWK(ed.publicKey)), kid: 'ed', alg: 'EdDSA', use: 'sig' },
  ];
  jwks = createServer((request, response) => {
    if (request.url === '/revoked.json') {
      listed++;
      return void response.writeHead(listWorks ? 200 : 500).end(JSON.stringify({ revoked }));
    }
    fetched++;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  jwksUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/jwks`;
});

afterAll(() => {
  jwks.closeAllConnections();
  jwks.close();
});

beforeEach(() => {
  clock.ms = NOW;
  revoked = [];
  listed = 0;
  listWorks = true;
});

const verifier = (url = jwksUrl) =>
  new JwtVerifier(parseTrustedIssuers([{ issuer: ISSUER, jwksUrl: url }], ISSUER), clock);

interface Change {
  header?: Partial<JWTHeaderParameters>;
  claims?: Record<string, unknown>;
  key?: CryptoKey | Uint8Array;
}

function token({ header = {}, claims = {}, key = es.privateKey }: Change = {}): Promise<string> {
  return new SignJWT({
    iss: ISSUER, aud: 'kilowatch', sub: 'account-1', tenant: 'demo', role: 'driver', scope: 'a b',
    iat: seconds(0), exp: seconds(300), ...claims,
  }) // prettier-ignore
    .setProtectedHeader({ alg: 'ES256', kid: 'es', typ: 'at+jwt', ...header })
    .sign(key);
}

const unsigned = async (header: object, claims: object = {}) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [, payload] = (await token({ claims: { ...claims } })).split('.');
  return `${part(header)}.${payload}.`;
};

describe('JwtVerifier accepts', () => {
  it.each([
    ['ES256', 'es', () => es],
    ['RS256', 'rs', () => rs],
    ['EdDSA', 'ed', () => ed],
  ])('a %s token of a trusted issuer', async (alg, kid, keys) => {
    const text = await token({ header: { alg, kid }, key: keys().privateKey });
    await expect(verifier().verify(text)).resolves.toEqual({
      accountId: 'account-1',
      tenant: 'demo',
      role: 'driver',
      scopes: ['a', 'b'],
    });
  });

  it('a token that expired within the leeway', async () => {
    await expect(verifier().verify(await token({ claims: { exp: seconds(-20) } }))).resolves.toBeDefined();
  });
});

describe('JwtVerifier refuses', () => {
  const abuses: [string, () => Promise<string>][] = [
    ['an unsigned token (none)', () => unsigned({ alg: 'none', typ: 'at+jwt' })],
    ['an unsigned token (nOnE)', () => unsigned({ alg: 'nOnE', typ: 'at+jwt', kid: 'es' })],
    [
      'an HMAC made with the public key (HS/RS confusion)',
      async () =>
        token({
          header: { alg: 'HS256', kid: 'rs' },
          key: new TextEncoder().encode(await exportSPKI(rs.publicKey)),
        }),
    ],
    [
      'the key of another algorithm under this kid',
      () => token({ header: { alg: 'RS256', kid: 'es' }, key: rs.privateKey }),
    ],
    ['a stranger’s signature', () => token({ key: stranger.privateKey })],
    ['an unknown kid', () => token({ header: { kid: 'unknown' } })],
    [
      'a key brought along in the header (jwk)',
      async () =>
        token({
          header: { jwk: await exportJWK(stranger.publicKey), kid: 'mine' },
          key: stranger.privateKey,
        }),
    ],
    [
      'a key address in the header (jku)',
      () => token({ header: { jku: 'http://127.0.0.1:1/', kid: 'x' }, key: stranger.privateKey }),
    ],
    [
      'a certificate address in the header (x5u)',
      () => token({ header: { x5u: 'http://127.0.0.1:1/', kid: 'x' }, key: stranger.privateKey }),
    ],
    ['an expired token', () => token({ claims: { exp: seconds(-31) } })],
    ['a token without expiry', () => token({ claims: { exp: undefined } })],
    ['a token that is not yet valid', () => token({ claims: { nbf: seconds(31) } })],
    ['a token issued in the future', () => token({ claims: { iat: seconds(31) } })],
    ['another issuer', () => token({ claims: { iss: 'https://evil.test' } })],
    ['no issuer', () => token({ claims: { iss: undefined } })],
    ['another audience', () => token({ claims: { aud: 'kilowatch-station' } })],
    ['no audience', () => token({ claims: { aud: undefined } })],
    ['another type (a charger’s token, an id token)', () => token({ header: { typ: 'JWT' } })],
    ['no type', () => token({ header: { typ: undefined } })],
    ['no subject', () => token({ claims: { sub: undefined } })],
    ['no tenant', () => token({ claims: { tenant: undefined } })],
    ['an unknown role', () => token({ claims: { role: 'root' } })],
    [
      'a changed payload',
      async () => (await token()).replace(/\.(.)/, (_, c) => `.${c === 'A' ? 'B' : 'A'}`),
    ],
    ['nonsense', async () => 'not-a-token'],
    ['an empty text', async () => ''],
    ['a giant', async () => `${await token()}${'A'.repeat(9_000)}`],
  ];

  it.each(abuses)('%s', async (_what, make) => {
    const error: unknown = await verifier()
      .verify(await make())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'UNAUTHENTICATED', publicText: 'The access token is not valid' });
  });

  it('a token it accepted before, once it has expired', async () => {
    const one = verifier();
    const text = await token();
    await one.verify(text);
    clock.ms = (seconds(300) + 31) * 1000;
    await expect(one.verify(text)).rejects.toMatchObject({ kind: 'UNAUTHENTICATED' });
  });
});

describe('JwtVerifier and ended sign-ins', () => {
  const refusal = { kind: 'UNAUTHENTICATED', publicText: 'The access token is not valid' };

  it('takes a token until its sign-in is ended, which it hears of within five seconds', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const one = verifier();
      const text = await token({ claims: { sid: 'session-1' } });
      const other = await token({ claims: { sid: 'session-2' } });
      await expect(one.verify(text)).resolves.toMatchObject({ sessionId: 'session-1' });
      revoked = [revokedName('session-1')];
      await expect(one.verify(text)).resolves.toBeDefined();
      vi.advanceTimersByTime(5_000);
      await expect(one.verify(text)).rejects.toMatchObject(refusal);
      await expect(one.verify(other)).resolves.toBeDefined();
      expect(listed).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses the tokens of a machine client that was revoked', async () => {
    revoked = [revokedName('client-1')];
    const text = await token({ claims: { sub: 'client-1', role: 'client' } });
    await expect(verifier().verify(text)).rejects.toMatchObject(refusal);
    await expect(verifier().verify(await token({ claims: { sub: 'client-1' } }))).resolves.toBeDefined();
  });

  it('does not ask for tokens that nobody can end, nor of another issuer', async () => {
    await verifier().verify(await token());
    revoked = [revokedName('session-1')];
    const issuers = parseTrustedIssuers([{ issuer: ISSUER, jwksUrl, tenants: ['demo'] }], 'ours');
    const text = await token({ claims: { sid: 'session-1' } });
    await expect(new JwtVerifier(issuers, clock).verify(text)).resolves.toBeDefined();
    expect(listed).toBe(0);
  });

  it('refuses whom another issuer vouches for and who is switched off, in that tenant alone', async () => {
    const other = 'https://id.other.example';
    const trusted = [
      { issuer: ISSUER, jwksUrl },
      { issuer: other, jwksUrl, tenants: ['demo', 'city'] },
    ];
    const one = new JwtVerifier(parseTrustedIssuers(trusted, ISSUER), clock);
    revoked = [revokedName(externalName('demo', externalAccountId(other, 'anna')))];
    const of = (tenant: string, sub: string) => token({ claims: { iss: other, tenant, sub } });
    await expect(one.verify(await of('demo', 'anna'))).rejects.toMatchObject(refusal);
    await expect(one.verify(await of('city', 'anna'))).resolves.toBeDefined();
    await expect(one.verify(await of('demo', 'bert'))).resolves.toBeDefined();
  });

  it('goes by what it heard last while the list cannot be read, and asks once for many', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const one = verifier();
      revoked = [revokedName('session-1')];
      const text = await token({ claims: { sid: 'session-1' } });
      await expect(one.verify(text)).rejects.toMatchObject(refusal);
      listWorks = false;
      vi.advanceTimersByTime(5_000);
      const before = listed;
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => one.verify(text)));
      expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
      expect(listed - before).toBe(1);
      await expect(one.verify(await token({ claims: { sid: 'session-2' } }))).resolves.toBeDefined();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('JwtVerifier', () => {
  it('makes an account id of the subject of another issuer, and says whose it is', async () => {
    const foreign = new JwtVerifier(
      parseTrustedIssuers([{ issuer: ISSUER, jwksUrl, tenants: ['demo'] }], 'ours'),
      clock,
    );
    const text = await token({ claims: { sub: 'auth0|anna', email: 'Anna@Example.org', name: 'Anna' } });
    await expect(foreign.verify(text)).resolves.toEqual({
      accountId: externalAccountId(ISSUER, 'auth0|anna'),
      tenant: 'demo',
      role: 'driver',
      scopes: ['a', 'b'],
      external: { issuer: ISSUER, subject: 'auth0|anna', email: 'anna@example.org', name: 'Anna' },
    });
  });

  it('fetches the keys once for many tokens', async () => {
    const one = verifier();
    const before = fetched;
    for (let n = 0; n < 5; n++) await one.verify(await token({ claims: { jti: String(n) } }));
    expect(fetched - before).toBe(1);
  });

  it('says UNAVAILABLE, not UNAUTHENTICATED, when the keys cannot be fetched', async () => {
    const text = await token();
    await expect(verifier('http://127.0.0.1:1/jwks').verify(text)).rejects.toMatchObject({
      kind: 'UNAVAILABLE',
    });
  });
});
