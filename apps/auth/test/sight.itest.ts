// Real: Postgres, HTTP, tokens. What each role sees of people and tokens, asked at the subgraph itself.
import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { Asker, TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, AuthRig, foreignOperator, operator, PASSWORD } from './auth-rig.js';

let app: AuthRig;
let dora: TestPrincipal;
let tokenId: string;
const as = (role: TestPrincipal['role'], more: Partial<TestPrincipal> = {}): TestPrincipal => ({
  accountId: randomUUID(),
  tenant: 'demo',
  role,
  ...more,
});

beforeAll(async () => {
  app = await AuthRig.start();
  const { data } = await app.createAccount(admin, { email: 'dora@example.org', role: 'DRIVER', displayName: 'Dora Driver' }); // prettier-ignore
  dora = { accountId: data!.createAccount.account.id, tenant: 'demo', role: 'driver' };
  await app.importTokens([{ value: 'DEADBEEF01', accountEmail: 'dora@example.org' }]);
  const found = await tokens(operator, 'DEADBEEF01');
  tokenId = found.tokens![0]!.id;
});
afterAll(() => app.close());

async function accounts(asker: Asker, search?: string) {
  const { data, codes } = await app.rig.graphql<{
    accounts: { edges: { node: { email: string; displayName: string } }[]; totalCount: number };
  }>(
    asker,
    'query($search: String) { accounts(first: 20, search: $search) { edges { node { email displayName } } totalCount } }',
    { search },
  );
  return { people: data?.accounts.edges.map(({ node }) => node), total: data?.accounts.totalCount, codes };
}

async function tokens(asker: Asker, search?: string) {
  const { data, codes } = await app.rig.graphql<{
    tokens: { edges: { node: { id: string; masked: string } }[]; totalCount: number };
  }>(
    asker,
    'query($search: String) { tokens(first: 20, search: $search) { edges { node { id masked } } totalCount } }',
    { search },
  );
  return { tokens: data?.tokens.edges.map(({ node }) => node), total: data?.tokens.totalCount, codes };
}

describe('support', () => {
  const support = as('support');

  it('sees people masked, operators as they are', async () => {
    const masked = (await accounts(support)).people;
    expect(masked).toContainEqual({ email: 'd…@example.org', displayName: 'D. D.' });
    expect(JSON.stringify(masked)).not.toMatch(/dora|Driver/);
    expect((await accounts(operator)).people).toContainEqual({
      email: 'dora@example.org',
      displayName: 'Dora Driver',
    });
  });

  it('finds a person by the whole address a caller tells, never by a part of what is masked', async () => {
    expect((await accounts(support, 'Dora@example.org')).total).toBe(1);
    for (const part of ['dor', 'dora@', 'dora_example.org', 'do%'])
      expect((await accounts(support, part)).total).toBe(0);
    expect((await accounts(operator, 'dor')).total).toBe(1);
  });

  it('finds a token by its whole value only', async () => {
    expect((await tokens(support, 'deadbeef01')).total).toBe(1);
    expect((await tokens(support, 'BEEF01')).total).toBe(0);
    expect((await tokens(operator, 'BEEF01')).total).toBe(1);
  });

  it('changes no token and makes no account', async () => {
    const change =
      'mutation($input: SetTokenStatusInput!) { setTokenStatus(input: $input) { token { id } } }';
    const input = { tokenId, status: 'BLOCKED', reason: 'x' };
    expect((await app.rig.graphql(support, change, { input })).codes).toEqual(['FORBIDDEN']);
    expect(
      (await app.createAccount(support, { email: 'x@example.org', role: 'DRIVER' })).errors,
    ).toHaveLength(1);
  });
});

describe('_entities, asked by who may not', () => {
  it.each([
    ['nobody', null, 'UNAUTHENTICATED'],
    ['a partner', as('partner', { party: 'DE*ABC' }), 'FORBIDDEN'],
    ['a machine without the scope', as('client', { scopes: ['stations:read'] }), 'FORBIDDEN'],
  ] as const)('is refused to %s', async (_who, asker, code) => {
    const { entity, codes } = await app.rig.entity(asker, 'Token', tokenId, 'id masked');
    expect([entity, [...new Set(codes)]]).toEqual([null, [code]]);
  });

  it('is empty alike for another’s, another tenant’s and a missing one, whatever the representation says', async () => {
    const query = `query($r: [_Any!]!) { _entities(representations: $r) { ... on Account { id email } ... on Token { id masked } } }`;
    const made = { tenant: 'other', email: 'forged@example.org', masked: 'forged' };
    const answers = [];
    for (const [asker, id] of [
      [as('driver'), dora.accountId],
      [foreignOperator, dora.accountId],
      [operator, randomUUID()],
    ] as const) {
      const r = [
        { __typename: 'Account', id, ...made },
        { __typename: 'Token', id: asker === operator ? randomUUID() : tokenId, ...made },
      ];
      answers.push(await app.rig.graphql(asker, query, { r }));
    }
    for (const answer of answers)
      expect(answer).toEqual({ data: { _entities: [null, null] }, errors: [], codes: [] });
  });

  it('shows a machine with the scope tokens, and people masked unless it may read what is personal', async () => {
    const query = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Account { email } } }';
    const ask = async (...scopes: string[]) =>
      (await app.rig.graphql<{ _entities: unknown[] }>(as('client', { scopes }), query, { r: [{ __typename: 'Account', id: dora.accountId }] })).data?._entities; // prettier-ignore
    expect(await ask('accounts:read')).toEqual([{ email: 'd…@example.org' }]);
    expect(await ask('accounts:read', 'personal:read')).toEqual([{ email: 'dora@example.org' }]);
  });
});

describe('a partner', () => {
  it('has a party, which its tokens carry; nobody else has one', async () => {
    const make =
      'mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { role party } } }';
    const input = { email: 'pia@example.org', password: PASSWORD, displayName: 'Pia Partner' };
    const tryWith = (more: object) => app.rig.graphql(admin, make, { input: { ...input, ...more } });
    expect((await tryWith({ role: 'PARTNER' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await tryWith({ role: 'PARTNER', party: 'somebody' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await tryWith({ role: 'DRIVER', party: 'DE*ABC' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await tryWith({ role: 'PARTNER', party: 'de*abc' })).data).toEqual({
      createAccount: { account: { role: 'PARTNER', party: 'DE*ABC' } },
    });
    const { accessToken } = await app.signIn('pia@example.org', PASSWORD);
    expect(decodeJwt(accessToken)).toMatchObject({ role: 'partner', party: 'DE*ABC' });
    expect((await accounts(as('partner', { party: 'DE*ABC' }))).codes).toEqual(['FORBIDDEN']);
  });
});

it('a machine client has no account, and is told so', async () => {
  const answer = await app.rig.graphql(as('client', { scopes: ['accounts:read'] }), '{ me { id } }');
  expect(answer.errors[0]).toMatchObject({
    message: 'A machine client has no account.',
    extensions: { code: 'NOT_FOUND' },
  });
});
