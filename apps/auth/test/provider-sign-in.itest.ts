// Real: Postgres, HTTP, and an OpenID provider (oidc-provider) on loopback that the egress policy names.
import { createServer, type Server } from 'node:http';
import { externalAccountId } from '@kilowatch/platform';
import { freePort } from '@kilowatch/testing';
import { decodeJwt } from 'jose';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, AuthRig, PASSWORD } from './auth-rig.js';
import { everythingKept, signIn, signInWith } from './people-rig.js';

const REDIRECT = 'https://charge.example/sign-in/provider';
const SECRET = 'the-secret-of-the-client-at-the-provider';

let app: AuthRig;
let server: Server;
let issuer: string;
/** Somebody inside whom no setting names. */
let trap: Server;
let trapped = 0;
/** What the provider says of whoever signs in. */
let person: Record<string, unknown> = {};

beforeAll(async () => {
  const port = await freePort();
  issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'kw', client_secret: SECRET, redirect_uris: [REDIRECT], response_types: ['code'] },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], roles: ['roles'] },
    scopes: ['openid', 'email', 'profile', 'roles'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...person }) }),
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: 'kw',
        accountId: context.oidc.session!.accountId!,
      });
      grant.addOIDCScope('openid email profile roles');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, interaction) => `/login/${interaction.uid}` },
  });
  const callback = provider.callback();
  server = createServer((request, response) => {
    if (!request.url?.startsWith('/login/')) return void callback(request, response);
    const login = { accountId: String(person['sub']) };
    void provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  trap = createServer((_request, response) => void response.end('{}'));
  trap.on('connection', () => (trapped += 1));
  const trapPort = await freePort();
  await new Promise<void>((resolve) => trap.listen(trapPort, '127.0.0.2', resolve));
  const corp = { tenant: 'demo', id: 'corp', name: 'Corp', issuer, clientId: 'kw', clientSecret: SECRET };
  const rules = {
    scope: 'openid email profile roles',
    roles: { ops: 'operator' },
    emailDomains: ['corp.example'],
  };
  app = await AuthRig.start({
    KW_EGRESS_ALLOW: '127.0.0.1',
    KW_OIDC_REDIRECT_URL: REDIRECT,
    KW_OIDC_PROVIDERS: JSON.stringify([
      { ...corp, ...rules },
      { ...corp, id: 'away', issuer: 'http://127.0.0.1:1' },
      { ...corp, id: 'hidden', tenant: 'other' },
      { ...corp, id: 'inside', issuer: `http://127.0.0.2:${trapPort}` },
    ]),
  });
});
afterAll(async () => {
  await app?.close();
  server.closeAllConnections();
  server.close();
  trap.close();
});

const start = (providerId: string) =>
  app.mutate<{ url: string; flow: string }>(
    null,
    'startProviderSignIn',
    { type: 'StartProviderSignInInput', value: { providerId } },
    'url flow',
  );
const finish = async (flow: string, callback: string) =>
  (await signInWith(app, 'finishProviderSignIn', 'FinishProviderSignInInput', { flow, callback })).answer!;

/** A browser that follows the provider's redirects until it is sent back to us; gives the query of that address. */
async function browse(url: string): Promise<string> {
  const cookies = new Map<string, string>();
  for (let at = url; ;) {
    if (at.startsWith(REDIRECT)) return new URL(at).search;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(at, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const next = response.headers.get('location');
    if (!next) throw new Error(`${response.status} ${await response.text()}`);
    at = new URL(next, at).toString();
  }
}
const anna = { sub: 'anna', email: 'anna@corp.example', email_verified: true, name: 'Anna', roles: ['ops'] };

async function signInAs(who: Record<string, unknown>) {
  person = who;
  const { url, flow } = (await start('corp')).answer!;
  return finish(flow, await browse(url));
}

describe('signing in with an identity provider', () => {
  it('ends in a session of our own, for the account of issuer and subject', async () => {
    const { url } = (await start('corp')).answer!;
    const asked = new URL(url).searchParams;
    expect([
      asked.get('code_challenge_method'),
      asked.get('response_type'),
      asked.get('redirect_uri'),
    ]).toEqual(['S256', 'code', REDIRECT]);
    const answer = await signInAs(anna);
    const id = externalAccountId(issuer, 'anna');
    expect(answer).toMatchObject({ __typename: 'SignedIn', account: { id } });
    expect(decodeJwt(answer.accessToken)).toMatchObject({ sub: id, role: 'operator', tenant: 'demo' });
    expect((await app.refresh(answer.refreshToken)).refreshToken).toBeDefined();
    expect((await signInAs({ ...anna, name: 'Anna B.' })).account.id).toBe(id);
    const rows = await app.rig.sql('select email, display_name, role from account where id = $1', [id]);
    expect(rows).toEqual([{ email: 'anna@corp.example', display_name: 'Anna B.', role: 'operator' }]);
  });

  it('never becomes an account of ours with the same address', async () => {
    const local = await app.createPerson('eve@corp.example', 'admin');
    const answer = await signInAs({ ...anna, sub: 'eve', email: 'eve@corp.example' });
    expect(answer.account.id).not.toBe(local.accountId);
    expect((await signIn(app, 'eve@corp.example', PASSWORD)).account.id).toBe(local.accountId);
  });

  it.each([
    ['another domain', { email: 'anna@evil.example' }],
    ['an address nobody confirmed', { email_verified: false }],
    ['no role of ours', { roles: ['boss'] }],
  ])('lets nobody in with %s', async (_what, over) => {
    expect(await signInAs({ ...anna, ...over, sub: 'nobody' })).toMatchObject({ reason: 'PROVIDER_REFUSED' });
    const rows = await app.rig.sql('select 1 from account where id = $1', [
      externalAccountId(issuer, 'nobody'),
    ]);
    expect(rows).toEqual([]);
  });

  it('lets nobody in who was switched off here', async () => {
    const { account } = await signInAs({ ...anna, sub: 'off' });
    await app.mutate(
      admin,
      'setAccountActive',
      { type: 'SetAccountActiveInput', value: { accountId: account.id, active: false, reason: 'left' } },
      'account { id }',
    );
    expect(await signInAs({ ...anna, sub: 'off' })).toMatchObject({ reason: 'INACTIVE' });
  });
});

describe('what comes back is refused', () => {
  it('in a browser that did not begin it, with another state, twice, and forged', async () => {
    person = anna;
    const mine = (await start('corp')).answer!;
    const theirs = (await start('corp')).answer!;
    const callback = await browse(theirs.url);
    expect(await finish(mine.flow, callback)).toMatchObject({ reason: 'PROVIDER_REFUSED' });
    const again = (await start('corp')).answer!;
    const good = new URLSearchParams(await browse(again.url));
    const changed = new URLSearchParams(good);
    changed.set('state', 'x');
    expect(await finish(again.flow, `?${changed}`)).toMatchObject({ reason: 'PROVIDER_REFUSED' });
    expect(await finish(again.flow, `?${good}`)).toMatchObject({ reason: 'CHALLENGE_INVALID' });
    const forged = (await start('corp')).answer!;
    const state = new URL(forged.url).searchParams.get('state')!;
    expect(await finish(forged.flow, `?code=x&state=${state}`)).toMatchObject({ reason: 'PROVIDER_REFUSED' });
    expect(await finish('nonsense', '?code=x')).toMatchObject({ reason: 'CHALLENGE_INVALID' });
    expect(await finish((await start('corp')).answer!.flow, 'x'.repeat(9_000))).toMatchObject({
      reason: 'CHALLENGE_INVALID',
    });
  });

  it('when the person said no there', async () => {
    const { url, flow } = (await start('corp')).answer!;
    const state = new URL(url).searchParams.get('state')!;
    expect(await finish(flow, `?error=access_denied&state=${state}`)).toMatchObject({
      reason: 'PROVIDER_REFUSED',
    });
  });
});

it('knows the providers of the tenant only, and says when one is away or not to be reached', async () => {
  const { data } = await app.rig.graphql<{ signInProviders: { id: string }[] }>(
    null,
    '{ signInProviders { id name } }',
  );
  expect(data?.signInProviders.map(({ id }) => id)).toEqual(['corp', 'away', 'inside']);
  expect((await start('hidden')).codes).toEqual(['NOT_FOUND']);
  expect((await start('away')).codes).toEqual(['SERVICE_UNAVAILABLE']);
  expect((await start('inside')).codes).toEqual(['SERVICE_UNAVAILABLE']);
  expect(trapped).toBe(0);
});

it('keeps the secret of the client nowhere', async () => {
  expect(await everythingKept(app)).not.toContain(SECRET);
});
