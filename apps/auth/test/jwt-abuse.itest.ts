// Real: Postgres, HTTP, the tokens that auth issues and the key set that it publishes, verified as every service does.
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, exportJWK, SignJWT, type JWTPayload } from 'jose';
import { externalAccountId, revokedName } from '@kilowatch/platform';
import { freePort, startTokenIssuer, waitFor, type TokenIssuer } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthRig, PASSWORD, ROOT_EMAIL } from './auth-rig.js';
import { signIn } from './people-rig.js';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

const CITY = 'https://id.city.example';
const own = pair();
const next = pair();
const stranger = pair();
let app: AuthRig;
let good: string;
let provider: TokenIssuer;
beforeAll(async () => {
  const port = await freePort();
  provider = await startTokenIssuer();
  const city = { issuer: CITY, jwksUrl: provider.jwksUrl, tenants: ['demo', 'other'] };
  app = await AuthRig.start(
    {
      KW_AUTH_SIGNING_KEY: pem(own.privateKey),
      KW_AUTH_OTHER_KEYS: publicPem(next.publicKey),
      KW_HTTP_PORT: String(port),
      KW_JWT_ISSUERS: JSON.stringify([city]),
    },
    undefined,
    { KW_JWKS_URL: `http://127.0.0.1:${port}/.well-known/jwks.json` },
  );
  good = (await signIn(app, ROOT_EMAIL, PASSWORD)).accessToken;
});
afterAll(async () => {
  await app.close();
  provider.close();
});

const me = (bearer: string) => app.rig.graphql({ bearer }, '{ me { email } }');
const seconds = (offset: number) => Math.floor(Date.now() / 1_000) + offset;

/** The good token with something changed, signed again with a key. */
async function resigned(change: { claims?: JWTPayload; header?: Record<string, unknown>; key?: KeyObject }) {
  const header = { ...decodeProtectedHeader(good), ...change.header } as { alg: string };
  const claims = { ...decodeJwt(good), ...change.claims };
  return new SignJWT(claims).setProtectedHeader(header).sign(change.key ?? own.privateKey);
}
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

it('takes what auth issued, and the same claims signed again', async () => {
  expect((await me(good)).data).toEqual({ me: { email: ROOT_EMAIL } });
  expect((await me(await resigned({}))).codes).toEqual([]);
});

describe('refuses', () => {
  const hmac = (secret: string) => {
    const { kid } = decodeProtectedHeader(good);
    const text = `${part({ alg: 'HS256', typ: 'at+jwt', kid })}.${good.split('.')[1]}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  it.each<[string, () => Promise<string> | string]>([
    ['no algorithm', () => `${part({ alg: 'none', typ: 'at+jwt' })}.${good.split('.')[1]}.`],
    ['an HMAC with the public key (PEM)', () => hmac(publicPem(own.publicKey))],
    ['an HMAC with the public key (JWK)', async () => hmac(JSON.stringify(await exportJWK(own.publicKey)))],
    ['an HMAC with nothing', () => hmac('')],
    ['another issuer', () => resigned({ claims: { iss: 'https://evil.test' } })],
    ['another audience', () => resigned({ claims: { aud: 'kilowatch-station' } })],
    ['one that has expired', () => resigned({ claims: { exp: seconds(-31) } })],
    ['one that is not good yet', () => resigned({ claims: { nbf: seconds(60) } })],
    ['one from the future', () => resigned({ claims: { iat: seconds(60) } })],
    ['one without an end', () => resigned({ claims: { exp: undefined } })],
    ['a kid nobody knows', () => resigned({ header: { kid: 'unknown' } })],
    ['the kid of another key', () => resigned({ key: stranger.privateKey })],
    [
      'a key brought along (jwk)',
      async () =>
        resigned({
          header: { jwk: await exportJWK(stranger.publicKey), kid: 'x' },
          key: stranger.privateKey,
        }),
    ],
    [
      'an address of keys brought along (jku)',
      () => resigned({ header: { jku: 'https://evil.test/jwks', kid: 'x' }, key: stranger.privateKey }),
    ],
    ['another type', () => resigned({ header: { typ: 'JWT' } })],
    ['a tenant that is none', () => resigned({ claims: { tenant: '*' } })],
    ['a role that is none', () => resigned({ claims: { role: 'root' } })],
    [
      'somebody’s claims in the signature of others',
      () => `${good.split('.')[0]}.${part({ ...decodeJwt(good), sub: 'x' })}.${good.split('.')[2]}`,
    ],
    ['a refresh token', async () => (await signIn(app, ROOT_EMAIL, PASSWORD)).refreshToken],
    ['nothing', () => 'x'],
  ])('%s', async (_what, make) => {
    const { codes, data } = await me(await make());
    expect([codes, data]).toEqual([['UNAUTHENTICATED'], null]);
  });
});

it('finds nothing of a tenant with the token of another', async () => {
  const foreign = await resigned({ claims: { tenant: 'other' } });
  expect((await me(foreign)).codes).toEqual(['NOT_FOUND']);
  const { data } = await app.rig.graphql<{ accounts: { totalCount: number } }>(
    { bearer: foreign },
    '{ accounts(first: 5) { totalCount } }',
  );
  expect(data?.accounts.totalCount).toBe(0);
});

it('refuses the token of a sign-in that was ended, within seconds, and no other; ids are not told', async () => {
  const [ended, kept] = [await signIn(app, ROOT_EMAIL, PASSWORD), await signIn(app, ROOT_EMAIL, PASSWORD)];
  expect((await me(ended.accessToken)).codes).toEqual([]);
  const { sid } = decodeJwt(ended.accessToken) as { sid: string };
  await app.mutate(
    { bearer: ended.accessToken },
    'endSignInSession',
    { type: 'EndSignInSessionInput', value: { sessionId: sid } },
    '__typename',
  );
  await waitFor(
    'the token to be refused',
    async () => (await me(ended.accessToken)).codes[0] === 'UNAUTHENTICATED',
    {
      timeoutMs: 8_000,
    },
  );
  expect((await me(kept.accessToken)).codes).toEqual([]);
  expect((await me(good)).codes).toEqual([]);
  const response = await fetch(`http://127.0.0.1:${app.rig.running.httpPort}/.well-known/revoked.json`);
  const text = await response.text();
  expect(JSON.parse(text)).toEqual({ revoked: [revokedName(sid)] });
  expect(text).not.toContain(sid);
});

it('refuses whom another provider vouches for and who is switched off, in that tenant alone, until switched on', async () => {
  const bearer = (tenant: string) =>
    provider.sign({ iss: CITY, sub: 'auth0|emil', tenant, role: 'operator' });
  const codes = async (tenant: string) => (await me(await bearer(tenant))).codes;
  expect([await codes('demo'), await codes('other')]).toEqual([[], []]);
  const set = (active: boolean) =>
    app.mutate(
      { bearer: good },
      'setAccountActive',
      {
        type: 'SetAccountActiveInput',
        value: { accountId: externalAccountId(CITY, 'auth0|emil'), active, reason: 'left' },
      },
      '__typename',
    );
  const becomes = (code: string | undefined) =>
    waitFor(code ?? 'no refusal', async () => (await codes('demo'))[0] === code, { timeoutMs: 15_000 });
  expect((await set(false)).codes).toEqual([]);
  await becomes('UNAUTHENTICATED');
  expect(await codes('other')).toEqual([]);
  await set(true);
  await becomes(undefined);
});

it('takes no access token as a refresh token', async () => {
  expect(await app.refresh(good)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
});

it('publishes the next key before it signs, takes what it signs then, and shows no private part', async () => {
  const response = await fetch(`http://127.0.0.1:${app.rig.running.httpPort}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  expect(keys.map(({ kty, crv, alg, use }) => [kty, crv, alg, use])).toEqual([
    ['EC', 'P-256', 'ES256', 'sig'],
    ['EC', 'P-256', 'ES256', 'sig'],
  ]);
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
  expect(JSON.stringify(keys)).not.toContain('"d"');
  const nextX = (await exportJWK(createPublicKey(publicPem(next.publicKey)))).x;
  const { kid } = keys.find(({ x }) => x === nextX)!;
  const rotated = await resigned({ header: { kid }, key: next.privateKey });
  expect((await me(rotated)).codes).toEqual([]);
  expect((await me(await resigned({ header: { kid }, key: own.privateKey }))).codes).toEqual([
    'UNAUTHENTICATED',
  ]);
});
