// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, two identity providers with key sets of their own.
import { auth, events } from '@kilowatch/contracts';
import { externalAccountId } from '@kilowatch/platform';
import { startTokenIssuer, type TokenIssuer } from '@kilowatch/testing';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, AuthRig, DEMO, PASSWORD } from './auth-rig.js';

const FLEET = 'https://login.fleet.example/realms/cars';
const CITY = 'https://id.city.example';
const { DECISION_STATUS_BLOCKED, DECISION_STATUS_ACCEPTED } = auth.DecisionStatus;

let app: AuthRig;
let provider: TokenIssuer;
beforeAll(async () => {
  provider = await startTokenIssuer();
  const { jwksUrl } = provider;
  const roles = { 'kw-driver': 'driver', 'kw-ops': 'operator' };
  const fleet = { issuer: FLEET, jwksUrl, tenants: ['demo'], claims: { role: 'realm_access.roles' }, roles };
  const city = { issuer: CITY, jwksUrl, tenants: ['demo', 'other'] };
  app = await AuthRig.start({ KW_JWT_ISSUERS: JSON.stringify([fleet, city]) });
});
afterAll(async () => {
  await app.close();
  provider.close();
});

interface Me {
  id: string;
  email: string;
  displayName: string;
  role: string;
  active: boolean;
}

/** `me` of whoever a token of the fleet's login speaks for. */
async function me(sub: string, claims: JWTPayload = {}) {
  const roles = { realm_access: { roles: ['kw-driver'] } };
  const bearer = await provider.sign({ iss: FLEET, sub, ...roles, ...claims });
  const { data, codes } = await app.rig.graphql<{ me: Me }>(
    { bearer },
    '{ me { id email displayName role active } }',
  );
  return { me: data?.me, codes };
}
const changesOf = async (accountId: string, tenant = 'demo') =>
  (await app.rig.published(events.accountChanged, tenant)).filter((event) => event.accountId === accountId);
const person = (subject: string, over: Partial<auth.ExternalIdentity> = {}): auth.GetAppTokenRequest => ({
  accountId: externalAccountId(FLEET, subject),
  external: { issuer: FLEET, subject, email: '', name: '', role: 'driver', ...over },
});

describe('somebody another identity provider vouches for', () => {
  it('has one account from first sight on, announced once', async () => {
    const claims = { email: 'Anna@Fleet.example', name: 'Anna' };
    const first = await me('auth0|anna', claims);
    expect(first).toEqual({
      me: {
        id: externalAccountId(FLEET, 'auth0|anna'),
        email: 'anna@fleet.example',
        displayName: 'Anna',
        role: 'DRIVER',
        active: true,
      },
      codes: [],
    });
    expect(await me('auth0|anna', claims)).toEqual(first);
    expect(await changesOf(first.me!.id)).toMatchObject([
      { email: 'anna@fleet.example', displayName: 'Anna', role: 'driver', active: true },
    ]);
    const [row] = await app.rig.sql('select issuer, subject, password_hash from account where id = $1', [
      first.me!.id,
    ]);
    expect(row).toEqual({ issuer: FLEET, subject: 'auth0|anna', password_hash: '' });
  });

  it('has one account too when seen twice at once for the first time', async () => {
    const seen = await Promise.all([me('twice'), me('twice'), me('twice')]);
    expect(new Set(seen.map((answer) => answer.me?.id)).size).toBe(1);
    expect(await changesOf(externalAccountId(FLEET, 'twice'))).toHaveLength(1);
  });

  it('gets an app token and charges with it, though nobody asked `me` before', async () => {
    const request = person('auth0|bert', { email: 'bert@fleet.example', name: 'Bert' });
    const token = await app.service.getAppToken(request, DEMO);
    expect(await app.service.getAppToken(request, DEMO)).toEqual(token);
    expect(await app.decide(token.idToken!.value)).toMatchObject({
      status: DECISION_STATUS_ACCEPTED,
      accountId: request.accountId,
    });
    expect(await changesOf(request.accountId)).toMatchObject([{ displayName: 'Bert', role: 'driver' }]);
    expect((await me('auth0|bert')).me).toMatchObject({ displayName: 'Bert', email: 'bert@fleet.example' });
    expect(await changesOf(request.accountId)).toHaveLength(1);
  });

  it('is told anew when the provider says something else, and keeps what it leaves out', async () => {
    await me('auth0|cora', { email: 'cora@fleet.example', name: 'Cora' });
    const promoted = await me('auth0|cora', { realm_access: { roles: ['kw-ops'] } });
    expect(promoted.me).toMatchObject({ role: 'OPERATOR', displayName: 'Cora', email: 'cora@fleet.example' });
    expect(
      (await changesOf(promoted.me!.id)).map(({ meta, role }) => [meta?.aggregateVersion, role]),
    ).toEqual([
      [1, 'driver'],
      [2, 'operator'],
    ]);
    expect(
      await app.rig.sql(
        'select actor_kind, action, details from audit_entry where target_id = $1 order by id',
        [promoted.me!.id],
      ),
    ).toEqual([
      { actor_kind: 'SYSTEM', action: 'account.created', details: { role: 'driver', issuer: FLEET } },
      {
        actor_kind: 'SYSTEM',
        action: 'account.changed',
        details: { role: 'operator', issuer: FLEET, from: 'driver' },
      },
    ]);
  });

  it('is switched off like anybody else', async () => {
    const request = person('auth0|dirk');
    const token = await app.service.getAppToken(request, DEMO);
    await app.rig.graphql(
      admin,
      'mutation($input: SetAccountActiveInput!) { setAccountActive(input: $input) { account { id } } }',
      { input: { accountId: request.accountId, active: false, reason: 'left' } },
    );
    await expect(app.service.getAppToken(request, DEMO)).rejects.toMatchObject({
      code: 'AUTH_ACCOUNT_INACTIVE',
    });
    expect((await app.decide(token.idToken!.value)).status).toBe(DECISION_STATUS_BLOCKED);
  });
});

describe('an e-mail address links nothing', () => {
  it('that an account of our own has, in either order, and opens no password to the other', async () => {
    const local = await app.createPerson('eva@example.org');
    const external = (await me('auth0|eva', { email: 'eva@example.org' })).me!;
    expect(external.id).not.toBe(local.accountId);
    expect((await app.signIn('eva@example.org', PASSWORD)).account.id).toBe(local.accountId);
    await me('auth0|fay', { email: 'fay@example.org' });
    expect((await app.signIn('fay@example.org', '')).reason).toBe('WRONG_CREDENTIALS');
    const later = await app.createPerson('fay@example.org');
    expect((await app.signIn('fay@example.org', PASSWORD)).account.id).toBe(later.accountId);
  });

  it('but names the holder of a card: ours first, else the only one, else nobody', async () => {
    const holder = async (value: string, accountEmail: string) => {
      const { problems } = await app.importTokens([{ value, accountEmail }]);
      return problems[0]?.code ?? (await app.decide(value)).accountId;
    };
    const gus = (await me('auth0|gus', { email: 'gus@fleet.example' })).me!;
    expect(await holder('04FF0001', 'Gus@fleet.example')).toBe(gus.id);
    await me('auth0|gus-again', { email: 'gus@fleet.example' });
    expect(await holder('04FF0002', 'gus@fleet.example')).toBe('AUTH_EMAIL_AMBIGUOUS');
    const local = await app.createPerson('gus@fleet.example');
    expect(await holder('04FF0003', 'gus@fleet.example')).toBe(local.accountId);
    await me('auth0|nameless');
    expect(await holder('04FF0004', ' ')).toBe('AUTH_ACCOUNT');
  });
});

describe('who is refused', () => {
  it.each([
    ['an issuer nobody configured', { iss: 'https://evil.example' }],
    ['a tenant that is not the issuer’s', { tenant: 'other' }],
    ['a role that is not mapped', { realm_access: { roles: ['admin', 'realm-admin'] } }],
    ['no role', { realm_access: {} }],
    ['another audience', { aud: 'another-app' }],
  ])('%s', async (_what, claims) => {
    expect(await me('auth0|zoe', claims)).toEqual({ me: undefined, codes: ['UNAUTHENTICATED'] });
    expect(await changesOf(externalAccountId(FLEET, 'auth0|zoe'))).toEqual([]);
  });

  it('a token that another provider signed in the name of this one', async () => {
    const stranger = await startTokenIssuer();
    const bearer = await stranger.sign({ iss: FLEET, sub: 'auth0|zoe', realm_access: { roles: ['kw-ops'] } });
    expect((await app.rig.graphql({ bearer }, '{ me { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    stranger.close();
  });

  it('a caller that asks for an account which is not that person’s', async () => {
    const victim = await app.createPerson('victim@example.org');
    const forged = { ...person('auth0|zoe'), accountId: victim.accountId };
    await expect(app.service.getAppToken(forged, DEMO)).rejects.toMatchObject({
      kind: 'INVALID',
      code: 'AUTH_EXTERNAL_ACCOUNT',
    });
    await expect(app.service.getAppToken(person('auth0|zoe', { role: 'root' }), DEMO)).rejects.toMatchObject({
      kind: 'INVALID',
    });
  });
});

it('keeps people of two providers, and the accounts of one person in two tenants, apart', async () => {
  const city = async (tenant: string) => {
    const bearer = await provider.sign({ iss: CITY, sub: 'auth0|anna', tenant });
    return (await app.rig.graphql<{ me: Me & { tenant: string } }>({ bearer }, '{ me { id tenant } }')).data!
      .me;
  };
  const fleet = (await me('auth0|anna')).me!;
  const [demo, other] = [await city('demo'), await city('other')];
  expect(demo.id).not.toBe(fleet.id);
  expect([demo.tenant, other.tenant]).toEqual(['demo', 'other']);
  expect(await changesOf(other.id, 'other')).toHaveLength(1);
  expect(await changesOf(demo.id)).toHaveLength(1);
});
