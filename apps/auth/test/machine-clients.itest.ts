// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, JWT. The peers are played by the rig.
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Asker } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, AuthRig, operator } from './auth-rig.js';
import { everythingKept } from './people-rig.js';

let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

interface Client {
  readonly id: string;
  readonly name: string;
  readonly scopes: string[];
  readonly lastUsedAt: string | null;
  readonly previousSecretUntil: string | null;
  readonly revokedAt: string | null;
}
const FIELDS = 'id name scopes lastUsedAt previousSecretUntil revokedAt';

const create = (asker: Asker, value: Record<string, unknown>) =>
  app.mutate<{ client: Client; secret: string }>(
    asker,
    'createMachineClient',
    { type: 'CreateMachineClientInput', value },
    `client { ${FIELDS} } secret`,
  );
const rotate = (asker: Asker, value: Record<string, unknown>) =>
  app.mutate<{ client: Client; secret: string }>(
    asker,
    'rotateMachineClientSecret',
    { type: 'RotateMachineClientSecretInput', value },
    `client { ${FIELDS} } secret`,
  );
const revoke = (asker: Asker, clientId: string, reason = 'leaked') =>
  app.mutate<{ client: Client }>(
    asker,
    'revokeMachineClient',
    { type: 'RevokeMachineClientInput', value: { clientId, reason } },
    `client { ${FIELDS} }`,
  );

interface Token {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly scope: string;
  readonly reason?: string;
}
const token = async (clientId: string, clientSecret: string, scope?: string, address?: string) =>
  (
    await app.mutate<Token>(
      null,
      'clientToken',
      {
        type: 'ClientTokenInput',
        value: { clientId, clientSecret, ...(scope === undefined ? {} : { scope }) },
      },
      '... on ClientToken { accessToken expiresIn scope } ... on ClientTokenRefused { reason }',
      address ? { address } : {},
    )
  ).answer!;

async function aClient(scopes = ['sessions:read', 'tokens:write']) {
  const { client, secret } = (await create(admin, { name: 'Fleet', scopes })).answer!;
  return { ...client, secret };
}

describe('a machine client', () => {
  it('gets tokens that say what it may, for its tenant, and nothing of a person', async () => {
    const { id, secret } = await aClient();
    const { accessToken, expiresIn, scope } = await token(id, secret);
    expect([scope, expiresIn]).toEqual(['sessions:read tokens:write', 900]);
    const claims = decodeJwt(accessToken);
    expect(claims).toMatchObject({ sub: id, client_id: id, tenant: 'demo', role: 'client', scope });
    expect(claims).not.toHaveProperty('sid');
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  });

  it('gets fewer scopes when it asks for fewer, and none when it asks for more', async () => {
    const { id, secret } = await aClient();
    const { accessToken, scope } = await token(id, secret, 'tokens:write');
    expect([scope, decodeJwt(accessToken)['scope']]).toEqual(['tokens:write', 'tokens:write']);
    for (const asked of ['tokens:write trust:write', 'accounts:write', 'admin', ''])
      expect(await token(id, secret, asked), asked).toEqual({ reason: 'INVALID_SCOPE' });
  });

  it('is answered the same for a wrong secret, an unknown client and what is no id', async () => {
    const { id, secret } = await aClient();
    const other = await aClient();
    const wrong = [
      await token(id, `${secret}x`),
      await token(id, other.secret),
      await token('018f2c9e-0000-7000-8000-000000000001', secret),
      await token('nonsense', secret),
      await token(id, ''),
    ];
    expect(wrong).toEqual(wrong.map(() => ({ reason: 'INVALID_CLIENT' })));
  });

  it('is not locked out by those who guess; they are', async () => {
    const { id, secret } = await aClient();
    for (let i = 0; i < 10; i += 1) await token(id, `guess ${i}`);
    expect(await token(id, 'guess')).toEqual({ reason: 'RATE_LIMITED' });
    expect((await token(id, secret)).accessToken).toBeDefined();
    const from = Array.from({ length: 51 }, (_, i) =>
      token('nonsense', `guess ${i}`, undefined, '203.0.113.9'),
    );
    expect((await Promise.all(from)).filter(({ reason }) => reason === 'RATE_LIMITED')).toHaveLength(1);
  });

  it('changes its secret at once, or with a while in which both count', async () => {
    const one = await aClient();
    const at = (await rotate(admin, { clientId: one.id })).answer!;
    expect(await token(one.id, one.secret)).toEqual({ reason: 'INVALID_CLIENT' });
    expect((await token(one.id, at.secret)).accessToken).toBeDefined();
    const slow = (await rotate(admin, { clientId: one.id, graceHours: 24 })).answer!;
    expect(Date.parse(slow.client.previousSecretUntil!)).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    for (const secret of [at.secret, slow.secret])
      expect((await token(one.id, secret)).accessToken).toBeDefined();
    await app.rig.sql(`update machine_client set previous_until = now() - interval '1 s' where id = $1`, [
      one.id,
    ]);
    expect(await token(one.id, at.secret)).toEqual({ reason: 'INVALID_CLIENT' });
    expect((await rotate(admin, { clientId: one.id, graceHours: 169 })).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('gets nothing once it is revoked, for good', async () => {
    const { id, secret } = await aClient();
    expect((await revoke(admin, id)).answer?.client.revokedAt).not.toBeNull();
    expect(await token(id, secret)).toEqual({ reason: 'INVALID_CLIENT' });
    expect((await rotate(admin, { clientId: id })).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await revoke(admin, id)).codes).toEqual([]);
    const audit = await app.rig.sql(
      'select action, reason, details from audit_entry where target_id = $1 order by id',
      [id],
    );
    expect(audit).toEqual([
      {
        action: 'client.created',
        reason: '',
        details: { name: 'Fleet', scopes: 'sessions:read tokens:write' },
      },
      { action: 'client.revoked', reason: 'leaked', details: {} },
    ]);
  });

  it('has a secret that is shown once and kept nowhere', async () => {
    const { id, secret } = await aClient();
    await token(id, secret);
    const renewed = (await rotate(admin, { clientId: id, graceHours: 1 })).answer!.secret;
    const kept = await everythingKept(app);
    for (const canary of [secret, renewed]) expect(kept).not.toContain(canary);
  });
});

describe('machine clients are managed', () => {
  it('by administrators of their tenant only', async () => {
    const { id } = await aClient();
    const foreign = { ...admin, tenant: 'other' };
    expect((await create(operator, { name: 'x', scopes: ['sessions:read'] })).codes).toEqual(['FORBIDDEN']);
    expect((await create(null, { name: 'x', scopes: ['sessions:read'] })).codes).toEqual(['UNAUTHENTICATED']);
    for (const asker of [foreign]) {
      expect((await rotate(asker, { clientId: id })).codes).toEqual(['NOT_FOUND']);
      expect((await revoke(asker, id)).codes).toEqual(['NOT_FOUND']);
    }
    expect((await revoke(admin, 'nonsense')).codes).toEqual(['NOT_FOUND']);
    expect((await revoke(admin, id, ' ')).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('with scopes that there are, and none that makes clients or accounts', async () => {
    for (const scopes of [[], ['nonsense'], ['accounts:write'], ['clients:write'], ['sessions:read', 'x']])
      expect((await create(admin, { name: 'x', scopes })).reasons, scopes.join()).toEqual(['AUTH_SCOPE']);
    expect((await create(admin, { name: ' ', scopes: ['sessions:read'] })).reasons).toEqual([
      'AUTH_CLIENT_NAME',
    ]);
  });

  it('in a list with pages that shows no secrets', async () => {
    const names = ['one', 'two', 'three'];
    const tenant = { ...admin, tenant: 'listed' };
    for (const name of names) await create(tenant, { name, scopes: ['sessions:read'] });
    const page = async (after?: string) =>
      (
        await app.rig.graphql<{
          machineClients: {
            edges: { node: Client }[];
            pageInfo: { hasNextPage: boolean; endCursor: string };
          };
        }>(
          tenant,
          `query($after: String) { machineClients(first: 2, after: $after) { edges { node { ${FIELDS} } }
            pageInfo { hasNextPage endCursor } } }`,
          { after },
        )
      ).data!.machineClients;
    const first = await page();
    expect(first.edges.map(({ node }) => node.name)).toEqual(['three', 'two']);
    expect((await page(first.pageInfo.endCursor)).edges.map(({ node }) => node.name)).toEqual(['one']);
  });
});

it('may what the scopes of its token say, and never make clients or accounts', async () => {
  const machine = (...scopes: string[]): Asker => ({ ...admin, role: 'client', scopes });
  const tokens = '{ tokens(first: 1) { totalCount } }';
  expect((await app.rig.graphql(machine('tokens:read'), tokens)).codes).toEqual([]);
  for (const scopes of [[], ['sessions:read'], ['tokens:write']])
    expect((await app.rig.graphql(machine(...scopes), tokens)).codes, scopes.join()).toEqual(['FORBIDDEN']);
  const greedy = machine('clients:write', 'accounts:write', 'clients:read');
  expect((await create(greedy, { name: 'heir', scopes: ['tokens:read'] })).codes).toEqual(['FORBIDDEN']);
  expect((await app.createAccount(greedy, { email: 'heir@example.org', role: 'ADMIN' })).codes).toEqual([
    'FORBIDDEN',
  ]);
});
