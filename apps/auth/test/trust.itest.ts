import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestCertificate, testPki } from '@kilowatch/testing/pki';
import { certificateId, readCertificate } from '@kilowatch/trust';
import type { Asker, TestPrincipal } from '@kilowatch/testing';
import { TrustStore } from '../src/usecases/trust-store.js';
import { admin, AuthRig, operator } from './auth-rig.js';

// Real: Postgres, NATS, GraphQL over HTTP with tokens, certificates.
let app: AuthRig;
const pki = testPki();
const foreignAdmin: TestPrincipal = { ...admin, tenant: 'other' };
const support: TestPrincipal = { ...operator, role: 'support' };
const driver: TestPrincipal = { ...operator, role: 'driver' };

beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.rig.close());

interface Imported {
  readonly added: number;
  readonly unchanged: number;
  readonly problems: readonly { index: number; code: string; message: string }[];
}

async function importAnchors(asker: Asker, input: Record<string, unknown>) {
  const { data, codes } = await app.rig.graphql<{ importTrustAnchors: Imported }>(
    asker,
    `mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) {
      added unchanged problems { index code message } } }`,
    { input: { purpose: 'CONTRACT', ...input } },
  );
  return { result: data?.importTrustAnchors, codes };
}

async function importIntermediates(asker: Asker, pem: string) {
  const { data, codes } = await app.rig.graphql<{ importTrustIntermediates: Imported }>(
    asker,
    `mutation($input: ImportTrustIntermediatesInput!) { importTrustIntermediates(input: $input) {
      added unchanged problems { index code message } } }`,
    { input: { pem } },
  );
  return { result: data?.importTrustIntermediates, codes };
}

const ANCHORS = `query($first: Int!, $after: String, $purpose: TrustPurpose, $removed: Boolean) {
  trustAnchors(first: $first, after: $after, purpose: $purpose, includeRemoved: $removed) {
    edges { node { id purpose isoVersion subject fingerprint notAfter pem addedBy removedBy removedAt } }
    pageInfo { hasNextPage endCursor } } }`;

interface Anchor {
  readonly id: string;
  readonly purpose: string;
  readonly subject: string;
  readonly fingerprint: string;
  readonly removedAt: string | null;
  readonly [field: string]: unknown;
}

async function anchors(asker: Asker = operator, variables: Record<string, unknown> = {}) {
  const { data, codes } = await app.rig.graphql<{
    trustAnchors: { edges: { node: Anchor }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  }>(asker, ANCHORS, { first: 50, ...variables });
  return { list: data?.trustAnchors.edges.map(({ node }) => node), page: data?.trustAnchors.pageInfo, codes };
}

async function audit(action: string) {
  return app.rig.sql<{ target_id: string; reason: string; details: Record<string, unknown> }>(
    'select target_id, reason, details from audit_entry where action = $1 order by id',
    [action],
  );
}

async function validate(
  chain: readonly TestCertificate[],
  purpose: 'CONTRACT' | 'OEM' = 'CONTRACT',
  tenant = 'demo',
) {
  const store = app.rig.running.get(TrustStore);
  const certificates = chain.map(({ der }) => readCertificate(der));
  return store.validate(await store.current(tenant), purpose, certificates);
}

it('starts with nobody to believe', async () => {
  expect(await anchors()).toMatchObject({ list: [], page: { hasNextPage: false } });
  expect(await validate(pki.contract.chain)).toMatchObject({
    ok: false,
    problems: [{ code: 'ISSUER_MISSING' }],
  });
});

it('P1: believes chains below imported roots, for the purpose and the tenant they were imported for', async () => {
  const imported = await importAnchors(admin, {
    pem: pki.moRoot.pem + pki.v2gRoot.pem,
    isoVersion: 'ISO_15118_2',
    reason: 'pool of the MO',
  });
  expect(imported.result).toEqual({ added: 2, unchanged: 0, problems: [] });
  expect((await importAnchors(admin, { pem: pki.moRoot.pem })).result).toMatchObject({
    added: 0,
    unchanged: 1,
  });
  expect(await validate(pki.contract.chain)).toMatchObject({
    ok: true,
    anchor: { purpose: 'CONTRACT', isoVersion: 'ISO_15118_2' },
  });
  expect(await validate(pki.contractBelowV2g.chain)).toMatchObject({ ok: true });
  expect(await validate(pki.contract.chain, 'OEM')).toMatchObject({ ok: false });
  expect(await validate(pki.contract.chain, 'CONTRACT', 'other')).toMatchObject({ ok: false });
  expect(await audit('trust_anchor.imported')).toMatchObject([
    {
      reason: 'pool of the MO',
      details: { subject: 'CN=MO Root CA, O=Mobility, DC=MO', purpose: 'CONTRACT' },
    },
    { details: { subject: 'CN=V2G Root CA, O=Kilowatch Test, DC=V2G' } },
  ]);
});

it('judges each certificate of an import on its own, and says what is wrong with it', async () => {
  const old = TestCertificate.root({ subject: 'CN=Old Root', from: -9, to: -1 });
  const { result } = await importAnchors(admin, {
    pem: old.pem + pki.oemRoot.pem + pki.moSub1.pem,
    purpose: 'OEM',
  });
  expect(result).toMatchObject({
    added: 1,
    problems: [
      { index: 0, code: 'AUTH_TRUST_ANCHOR', message: expect.stringMatching(/^CN=Old Root .* has expired/) },
      { index: 2, code: 'AUTH_TRUST_ANCHOR', message: expect.stringMatching(/is no root/) },
    ],
  });
  expect((await importAnchors(admin, { pem: 'hello' })).codes).toEqual(['BAD_USER_INPUT']);
  expect(await validate(pki.oemProvisioning.chain, 'OEM')).toMatchObject({ ok: true });
});

it('lists them, latest first, by purpose and in pages', async () => {
  const { list } = await anchors();
  expect(list!.map(({ subject }) => subject.split(',')[0])).toEqual([
    'CN=OEM Root CA',
    'CN=V2G Root CA',
    'CN=MO Root CA',
  ]);
  expect(list![2]).toMatchObject({
    pem: pki.moRoot.pem,
    addedBy: admin.accountId,
    isoVersion: 'ISO_15118_2',
  });
  const first = await anchors(operator, { first: 1, purpose: 'CONTRACT' });
  expect(first).toMatchObject({
    list: [{ subject: expect.stringContaining('V2G') }],
    page: { hasNextPage: true },
  });
  const second = await anchors(operator, { first: 1, purpose: 'CONTRACT', after: first.page!.endCursor });
  expect(second).toMatchObject({
    list: [{ subject: expect.stringContaining('MO') }],
    page: { hasNextPage: false },
  });
  expect((await anchors(foreignAdmin)).list).toEqual([]);
});

it('from the moment a root is removed believes nothing below it, and keeps who removed it', async () => {
  const { list } = await anchors(operator, { purpose: 'OEM' });
  const remove = (asker: Asker, input: { id: string; reason: string }) =>
    app.rig.graphql<{ removeTrustAnchor: { anchor: Anchor } }>(
      asker,
      'mutation($input: RemoveTrustAnchorInput!) { removeTrustAnchor(input: $input) { anchor { id removedBy removedAt } } }',
      { input },
    );
  const { id, fingerprint } = list![0]!;
  expect((await remove(foreignAdmin, { id, reason: 'x' })).codes).toEqual(['NOT_FOUND']);
  expect((await remove(admin, { id, reason: ' ' })).codes).toEqual(['BAD_USER_INPUT']);
  expect((await remove(admin, { id, reason: 'key lost' })).data).toMatchObject({
    removeTrustAnchor: { anchor: { id, removedBy: admin.accountId, removedAt: expect.any(String) } },
  });
  expect(await validate(pki.oemProvisioning.chain, 'OEM')).toMatchObject({ ok: false });
  expect((await remove(admin, { id, reason: 'again' })).codes).toEqual(['NOT_FOUND']);
  expect((await remove(admin, { id: 'no-uuid', reason: 'x' })).codes).toEqual(['NOT_FOUND']);
  expect((await anchors(operator, { purpose: 'OEM' })).list).toEqual([]);
  expect((await anchors(operator, { purpose: 'OEM', removed: true })).list).toHaveLength(1);
  expect(await audit('trust_anchor.removed')).toMatchObject([
    { target_id: id, reason: 'key lost', details: { fingerprint } },
  ]);
  // It may come back, and then counts again.
  expect((await importAnchors(admin, { pem: pki.oemRoot.pem, purpose: 'OEM' })).result).toMatchObject({
    added: 1,
  });
  expect(await validate(pki.oemProvisioning.chain, 'OEM')).toMatchObject({ ok: true });
});

it('P8: fills gaps of chains with known authorities, and finds by hash data who issued', async () => {
  const store = app.rig.running.get(TrustStore);
  const id = certificateId(readCertificate(pki.contract.der), readCertificate(pki.moSub2.der), 'SHA384');
  expect(await validate([pki.contract])).toMatchObject({ ok: false });
  expect(store.issuerOf(await store.current('demo'), 'CONTRACT', id)).toBeUndefined();
  const { result } = await importIntermediates(
    admin,
    pki.moSub2.pem + pki.moSub1.pem + pki.moRoot.pem + pki.contract.pem,
  );
  expect(result).toMatchObject({
    added: 2,
    problems: [
      { index: 2, message: expect.stringContaining('import it as an anchor') },
      { index: 3, message: expect.stringContaining('no certification authority') },
    ],
  });
  expect(await validate([pki.contract])).toMatchObject({ ok: true });
  const found = store.issuerOf(await store.current('demo'), 'CONTRACT', id);
  expect(found).toMatchObject({ path: { ok: true } });
  expect(found!.issuer.subject.commonName).toBe('MO Sub2 CA');
  expect(found!.path.path.map(({ subject }) => subject.commonName)).toEqual([
    'MO Sub2 CA',
    'MO Sub1 CA',
    'MO Root CA',
  ]);
  // The root itself may be the issuer.
  const ofSub = certificateId(readCertificate(pki.moSub1.der), readCertificate(pki.moRoot.der), 'SHA256');
  expect(store.issuerOf(await store.current('demo'), 'CONTRACT', ofSub)?.path).toMatchObject({
    ok: true,
    path: [expect.anything()],
  });
  expect(store.issuerOf(await store.current('demo'), 'OEM', id)?.path.ok).toBe(false);
  expect(store.issuerOf(await store.current('other'), 'CONTRACT', id)).toBeUndefined();
});

it('P8: learns authorities from chains that were good, once', async () => {
  const store = app.rig.running.get(TrustStore);
  const good = await validate(pki.contractBelowV2g.chain);
  const before = await store.current('demo');
  await Promise.all([store.remember('demo', before, good.path), store.remember('demo', before, good.path)]);
  await store.remember('demo', await store.current('demo'), good.path);
  expect(await validate([pki.contractBelowV2g])).toMatchObject({ ok: true });
  const { data } = await app.rig.graphql<{
    trustIntermediates: { edges: { node: { subject: string; source: string; pem: string } }[] };
  }>(
    operator,
    '{ trustIntermediates(first: 10) { edges { node { subject issuer source pem fingerprint } } } }',
  );
  expect(data!.trustIntermediates.edges.map(({ node }) => [node.subject.split(',')[0], node.source])).toEqual(
    [
      ['CN=MO Sub CA below V2G', 'CHAIN'],
      ['CN=MO Sub1 CA', 'IMPORT'],
      ['CN=MO Sub2 CA', 'IMPORT'],
    ],
  );
});

it('has a policy that fails closed, changes what is named, and audits it', async () => {
  const POLICY = 'origins ocspHash ocspHashFallback softFailHours withoutResponder crl requireMoDomain';
  const set = (asker: Asker, input: Record<string, unknown>) =>
    app.rig.graphql<{ setTrustPolicy: { policy: Record<string, unknown> } }>(
      asker,
      `mutation($input: SetTrustPolicyInput!) { setTrustPolicy(input: $input) { policy { ${POLICY} } } }`,
      { input },
    );
  const { data } = await app.rig.graphql<{ trustPolicy: unknown }>(support, `{ trustPolicy { ${POLICY} } }`);
  expect(data!.trustPolicy).toEqual({
    origins: [],
    ocspHash: 'SHA256',
    ocspHashFallback: true,
    softFailHours: 0,
    withoutResponder: 'REFUSE',
    crl: 'NEVER',
    requireMoDomain: true,
  });
  await set(admin, { origins: ['http://ocsp.example.com:80'], softFailHours: 4 });
  expect(
    (await set(admin, { crl: 'FALLBACK', softFailHours: null })).data!.setTrustPolicy.policy,
  ).toMatchObject({
    origins: ['http://ocsp.example.com'],
    softFailHours: 0,
    crl: 'FALLBACK',
  });
  expect((await set(admin, { origins: ['anything'] })).codes).toEqual(['BAD_USER_INPUT']);
  expect(await audit('trust_policy.changed')).toMatchObject([
    { details: { origins: 'http://ocsp.example.com:80', softFailHours: '4' } },
    { details: { crl: 'FALLBACK', softFailHours: 'default' } },
  ]);
  // Anchors and authorities are still believed after the change.
  expect(await validate([pki.contract])).toMatchObject({ ok: true });
});

it.each([
  ['operators', operator, ['FORBIDDEN']],
  ['support', support, ['FORBIDDEN']],
  ['drivers', driver, ['FORBIDDEN']],
  ['nobody', null, ['UNAUTHENTICATED']],
])('is changed by administrators only: not by %s', async (_, asker, expected) => {
  expect((await importAnchors(asker, { pem: pki.moRoot.pem })).codes).toEqual(expected);
  expect((await importIntermediates(asker, pki.moSub1.pem)).codes).toEqual(expected);
  const mutations = [
    'setTrustPolicy(input: { softFailHours: 1 }) { policy { crl } }',
    'flushRevocationCache(input: { reason: "x" }) { removed }',
    `removeTrustAnchor(input: { id: "${admin.accountId}", reason: "x" }) { anchor { id } }`,
  ];
  for (const mutation of mutations) {
    expect((await app.rig.graphql(asker, `mutation { ${mutation} }`)).codes).toEqual(expected);
  }
});

it('is shown to operators and support, not to drivers', async () => {
  expect((await anchors(support)).list!.length).toBeGreaterThan(0);
  expect((await anchors(driver)).codes).toEqual(['FORBIDDEN']);
  expect((await anchors(null)).codes).toEqual(['UNAUTHENTICATED']);
});
