// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, argon2, JWT. The peers are played by the rig.
import { CLIENT_ADDRESS_HEADER } from '@kilowatch/platform';
import type { Asker } from '@kilowatch/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { admin, AuthRig, foreignOperator, operator } from './auth-rig.js';

let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

interface Entry {
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly address: string | null;
  readonly action: string;
  readonly targetId: string;
  readonly reason: string;
  readonly details: Record<string, unknown>;
}

const LOG = `query($first: Int!, $after: String, $filter: AuditFilter) { auditLog(first: $first, after: $after, filter: $filter) {
  edges { cursor node { actorKind actorId address action targetId reason details } } pageInfo { hasNextPage endCursor } } }`;

async function log(
  filter: Record<string, unknown> = {},
  page: Record<string, unknown> = {},
  asker: Asker = admin,
) {
  const { data, codes } = await app.rig.graphql<{
    auditLog: { edges: { node: Entry }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  }>(asker, LOG, { first: 50, filter, ...page });
  return { entries: data?.auditLog.edges.map(({ node }) => node), pageInfo: data?.auditLog.pageInfo, codes };
}

it('keeps who changed an account, why and from where, latest first', async () => {
  const dora = await app.createPerson('dora@example.org');
  const input = { accountId: dora.accountId, active: false, reason: 'left the fleet' };
  await app.rig.graphql(
    admin,
    'mutation($input: SetAccountActiveInput!) { setAccountActive(input: $input) { account { id } } }',
    { input },
    { [CLIENT_ADDRESS_HEADER]: '192.0.2.7' },
  );
  const { entries } = await log({ targetKind: 'account', targetId: dora.accountId });
  expect(entries).toEqual([
    {
      actorKind: 'PERSON',
      actorId: admin.accountId,
      address: '192.0.2.7',
      action: 'account.switched_off',
      targetId: dora.accountId,
      reason: 'left the fleet',
      details: {},
    },
    expect.objectContaining({ action: 'account.created', details: { role: 'driver' } }),
  ]);
});

it('keeps what the service did by itself, and what happened to tokens without their values', async () => {
  const [created] = (await log({ action: 'account.created', actorId: '' })).entries!;
  expect(created).toMatchObject({ actorKind: 'SYSTEM', actorId: null, details: { role: 'admin' } });
  await app.importTokens([{ value: '04ABCDEF99' }]);
  const { tokenId } = await app.decide('04ABCDEF99');
  await app.rig.graphql(
    operator,
    'mutation($input: SetTokenStatusInput!) { setTokenStatus(input: $input) { token { id } } }',
    { input: { tokenId, status: 'BLOCKED', reason: 'lost' } },
  );
  const { entries } = await log({ action: 'token', actorId: operator.accountId });
  expect(entries).toMatchObject([
    {
      action: 'token.status_set',
      targetId: tokenId,
      reason: 'lost',
      details: { from: 'ACTIVE', to: 'BLOCKED' },
    },
    { action: 'token.imported', details: { created: 1, updated: 0, unchanged: 0 } },
  ]);
  expect(JSON.stringify(entries)).not.toContain('ABCDEF99');
});

it('is paged and filtered by time', async () => {
  for (const name of ['one', 'two', 'three']) await app.createPerson(`${name}@page.example`);
  const first = await log({ action: 'account.created', actorId: admin.accountId }, { first: 2 });
  expect(first.entries).toHaveLength(2);
  expect(first.pageInfo?.hasNextPage).toBe(true);
  const next = await log(
    { action: 'account.created', actorId: admin.accountId },
    { first: 2, after: first.pageInfo!.endCursor },
  );
  expect(next.entries!.map(({ targetId }) => targetId)).not.toContain(first.entries![0]!.targetId);
  expect((await log({ until: new Date(0).toISOString() })).entries).toEqual([]);
  expect((await log({ since: new Date(0).toISOString() })).entries!.length).toBeGreaterThan(3);
});

it('is shown to administrators of the tenant only', async () => {
  expect((await log({}, {}, operator)).codes).toEqual(['FORBIDDEN']);
  expect((await log({}, {}, null)).codes).toEqual(['UNAUTHENTICATED']);
  expect((await log({}, {}, { ...foreignOperator, role: 'admin' })).entries).toEqual([]);
});

it.each([
  'update audit_entry set reason = $1',
  'delete from audit_entry where $1 = $1',
  'truncate audit_entry',
])('cannot be changed by the service itself: %s', async (sql) => {
  const before = (await log()).entries;
  await expect(app.rig.sql(sql, sql.includes('$1') ? ['x'] : [])).rejects.toThrow();
  expect((await log()).entries).toEqual(before);
});
