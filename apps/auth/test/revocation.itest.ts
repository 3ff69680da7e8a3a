import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  CrlServer,
  hostileChains,
  OCSP_SIGNING,
  OcspResponder,
  startTrap,
  TestCertificate,
  testPki,
  type OcspMode,
  type TestPki,
} from '@kilowatch/testing/pki';
import { certificateId, readCertificate, readHashData } from '@kilowatch/trust';
import { waitFor } from '@kilowatch/testing';
import {
  CheckRevocation,
  subjectOfHashData,
  subjectsOfPath,
  type RevocationFinding,
  type RevocationSubject,
} from '../src/usecases/check-revocation.js';
import { TrustStore } from '../src/usecases/trust-store.js';
import { admin, AuthRig } from './auth-rig.js';

// Real: Postgres, an OCSP responder and a server of lists over HTTP, a listener that nobody may ever reach.
let app: AuthRig;
let responder: OcspResponder;
let trap: Awaited<ReturnType<typeof startTrap>>;
let pki: TestPki;

beforeAll(async () => {
  [app, responder, trap] = await Promise.all([
    AuthRig.start({ KW_EGRESS_ALLOW: '127.0.0.0/8' }),
    OcspResponder.start(),
    startTrap(),
  ]);
  pki = testPki({ ocspUrl: responder.url });
  responder.answersFor(...pki.authorities);
  responder.redirectTo = trap.url;
  await app.rig.graphql(
    admin,
    'mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) { added } }',
    { input: { pem: pki.moRoot.pem + pki.v2gRoot.pem, purpose: 'CONTRACT' } },
  );
});
afterAll(() => Promise.all([app.rig.close(), responder.close(), trap.close()]));

beforeEach(async () => {
  await app.rig.sql('delete from ocsp_status where $1 = $1', [1]);
  responder.reset();
  await setPolicy({ origins: [responder.origin], softFailHours: null, withoutResponder: null, crl: null });
});

async function setPolicy(input: Record<string, unknown>) {
  const { codes } = await app.rig.graphql(
    admin,
    'mutation($input: SetTrustPolicyInput!) { setTrustPolicy(input: $input) { policy { crl } } }',
    { input },
  );
  expect(codes).toEqual([]);
}

async function statusesOf(tenant: string, subjects: readonly RevocationSubject[], deadline: Date) {
  const trust = await app.rig.running.get(TrustStore).current(tenant);
  return app.rig.running.get(CheckRevocation).run(tenant, trust, subjects, deadline);
}

async function check(
  chain: readonly TestCertificate[],
  { withinMs = 3_500, tenant = 'demo' } = {},
): Promise<readonly RevocationFinding[]> {
  const certificates = chain.map(({ der }) => readCertificate(der));
  const store = app.rig.running.get(TrustStore);
  const result = store.validate(await store.current('demo'), 'CONTRACT', certificates);
  expect(result.ok).toBe(true);
  return statusesOf(tenant, subjectsOfPath(result.path), new Date(Date.now() + withinMs));
}

const statuses = (findings: readonly RevocationFinding[]) =>
  findings.map(({ status, reason, source }) => [status, reason, source].join(' ').trim());
const asked = () => responder.requests.map(({ serial }) => serial);
const serials = (...certificates: readonly TestCertificate[]) => certificates.map(({ serial }) => serial);
/** A contract of its own, so that nothing is held about it. */
const newContract = (more: Partial<Parameters<TestCertificate['issue']>[0]> = {}) => {
  const subject = 'CN=DE8AA001234567, O=Mobility, DC=MO';
  const leaf = pki.moSub2.issue({ subject, ocspUrl: responder.url, ...more });
  return [leaf, pki.moSub2, pki.moSub1] as const;
};

it('P4: asks for the leaf and each authority at once, and for the root not at all', async () => {
  responder.mode = 'slow';
  const begun = Date.now();
  expect(statuses(await check(pki.contract.chain))).toEqual(['GOOD  OCSP', 'GOOD  OCSP', 'GOOD  OCSP']);
  expect(Date.now() - begun).toBeLessThan(2 * responder.slowMs + 300);
  expect(asked().sort()).toEqual(serials(pki.contract, pki.moSub2, pki.moSub1).sort());
});

it('P5: posts binary DER with a nonce of its own each time, and keeps the answer as it came', async () => {
  const [leaf] = await check(pki.contract.chain);
  expect(responder.requests[0]).toMatchObject({
    method: 'POST',
    contentType: 'application/ocsp-request',
    hash: 'sha256',
  });
  const nonces = responder.requests.map(({ nonce }) => Buffer.from(nonce!).toString('hex'));
  expect(new Set(nonces).size).toBe(3);
  expect(Math.min(...nonces.map((nonce) => nonce.length / 2))).toBe(32);
  const rows = await app.rig.sql<{ response: Buffer }>('select response from ocsp_status where serial = $1', [
    pki.contract.serial,
  ]);
  expect(Buffer.from(leaf!.response!)).toEqual(rows[0]!.response);
  expect(rows[0]!.response[0]).toBe(0x30);
});

it('P6: asks once for what many ask for, and not again while the answer is fresh', async () => {
  responder.mode = 'slow';
  const all = await Promise.all(Array.from({ length: 8 }, () => check(pki.contract.chain)));
  expect(all.flat().map(({ status }) => status)).toEqual(Array(24).fill('GOOD'));
  expect(responder.requests).toHaveLength(3);
  const [again] = await check(pki.contract.chain);
  expect(again).toMatchObject({ status: 'GOOD', source: 'CACHE' });
  expect(again!.response).toBeDefined();
  expect(responder.requests).toHaveLength(3);
});

it('P6: what is not fresh any more is asked for again', async () => {
  await check(pki.contract.chain);
  await app.rig.sql(`update ocsp_status set fresh_until = now() - interval '1 second' where serial = $1`, [
    pki.contract.serial,
  ]);
  expect(statuses(await check(pki.contract.chain))).toEqual(['GOOD  OCSP', 'GOOD  CACHE', 'GOOD  CACHE']);
});

it('P6: a revocation stays, also when the responder forgets it or is away', async () => {
  responder.revoke(pki.contract, new Date('2026-01-01T00:00:00Z'));
  expect((await check(pki.contract.chain))[0]).toMatchObject({
    status: 'REVOKED',
    reason: 'revoked',
    revocationReason: 'KEY_COMPROMISE',
    revokedAt: new Date('2026-01-01T00:00:00Z'),
  });
  await app.rig.sql(
    `update ocsp_status set fresh_until = now() - interval '1 day', next_update = now() - interval '1 day'
    where $1 = $1`,
    [1],
  );
  responder.reset();
  expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'REVOKED', source: 'CACHE' });
  expect(asked()).not.toContain(pki.contract.serial);
});

it('P6: a certificate on hold may come back', async () => {
  responder.revoke(pki.contract, new Date(), 6);
  expect((await check(pki.contract.chain))[0]).toMatchObject({ revocationReason: 'CERTIFICATE_HOLD' });
  await app.rig.sql(`update ocsp_status set fresh_until = now() - interval '1 second' where $1 = $1`, [1]);
  responder.reset();
  expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'GOOD', source: 'OCSP' });
});

it('a revoked authority is found although the leaf is good', async () => {
  responder.revoke(pki.moSub2, new Date(), 2);
  expect(statuses(await check(pki.contract.chain))).toEqual([
    'GOOD  OCSP',
    'REVOKED revoked OCSP',
    'GOOD  OCSP',
  ]);
});

it.each([
  ['stale', 'response_unusable', 'STALE'],
  ['future', 'response_unusable', 'NOT_YET_VALID'],
  ['replayed', 'response_unusable', 'NONCE_MISMATCH'],
  ['wrong-nonce', 'response_unusable', 'NONCE_MISMATCH'],
  ['wrong-signer', 'response_unusable', 'SIGNER_UNKNOWN'],
  ['tampered', 'response_unusable', 'SIGNATURE_BAD'],
  ['sha1-signature', 'response_unusable', 'SIGNATURE_WEAK'],
  ['delegate-without-purpose', 'response_unusable', 'SIGNER_NOT_ALLOWED'],
  ['expired-delegate', 'response_unusable', 'SIGNER_EXPIRED'],
  ['wrong-serial', 'response_unusable', 'OTHER_CERTIFICATE'],
  ['garbage', 'response_unusable', 'MALFORMED'],
  ['oversized', 'response_unusable', 'EGRESS_TOO_LARGE'],
  ['redirecting', 'response_unusable', 'EGRESS_REDIRECT'],
  ['unauthorized', 'responder_refused', ''],
  ['try-later', 'responder_busy', ''],
  ['internal-error', 'responder_busy', ''],
  ['http-error', 'responder_unreachable', 'HTTP 500'],
  ['http-refusal', 'responder_refused', 'HTTP 403'],
  ['hang-up', 'responder_unreachable', 'EGRESS_UNREACHABLE'],
] as [OcspMode, string, string][])('C07.FR.17: %s is no answer: %s %s', async (mode, reason, detail) => {
  const chain = newContract();
  await check([pki.contract, pki.moSub2, pki.moSub1]);
  responder.misbehaveFor(chain[0], mode);
  const [leaf, sub2] = await check(chain);
  expect(leaf).toMatchObject({ status: 'UNAVAILABLE', reason, detail, source: 'NONE', response: undefined });
  expect(sub2).toMatchObject({ status: 'GOOD', source: 'CACHE' });
  expect(trap.hits()).toBe(0);
  // Nothing of it is kept: the next one asks again, and is answered.
  responder.reset();
  expect((await check(chain))[0]).toMatchObject({ status: 'GOOD', source: 'OCSP' });
});

it.each(['delegate', 'without-nonce', 'without-next-update'] as OcspMode[])(
  'P5: %s is an answer',
  async (mode) => {
    responder.mode = mode;
    expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'GOOD', source: 'OCSP' });
  },
);

it('RFC 6960 4.2.2.2.1: a delegate that has to be asked about counts when its list does not have it, or when it lives shortly', async () => {
  const lists = await CrlServer.start(pki.moSub2);
  try {
    await setPolicy({ origins: [responder.origin, lists.origin] });
    responder.mode = 'delegate';
    const signedBy = async (days: number, crlUrl?: string) => {
      const wanted = {
        subject: 'CN=OCSP',
        purposes: [OCSP_SIGNING],
        from: -1,
        to: days,
        ...(crlUrl ? { crlUrl } : {}),
      };
      const delegate = pki.moSub2.issue(wanted);
      responder.delegate = (issuer) => (issuer === pki.moSub2 ? delegate : issuer.issue(wanted));
      return { delegate, find: async () => (await check(newContract()))[0]! };
    };
    const UNCHECKED = { status: 'UNAVAILABLE', reason: 'response_unusable', detail: 'SIGNER_UNCHECKED' };
    const GOOD = { status: 'GOOD', source: 'OCSP' };
    // No list may be fetched: only one that lives for a month at most is believed.
    expect(await (await signedBy(30)).find()).toMatchObject(GOOD);
    expect(await (await signedBy(31, lists.url)).find()).toMatchObject(UNCHECKED);
    expect(lists.hits).toBe(0);
    await setPolicy({ crl: 'WITHOUT_OCSP' });
    expect(await (await signedBy(300)).find()).toMatchObject(UNCHECKED);
    const { delegate, find } = await signedBy(300, lists.url);
    expect(await find()).toMatchObject(GOOD);
    await find();
    expect(lists.hits).toBe(1);
    lists.revoke(delegate);
    await setPolicy({ softFailHours: 1 });
    expect(await find()).toMatchObject({ ...UNCHECKED, detail: 'SIGNER_REVOKED' });
    // So too one that lives shortly, once it is known to be revoked; and what it says of revocations.
    const short = await signedBy(10, lists.url);
    expect(await short.find()).toMatchObject(GOOD);
    lists.revoke(short.delegate);
    await setPolicy({ softFailHours: 2 });
    const contract = newContract();
    responder.revoke(contract[0]);
    expect((await check(contract))[0]).toMatchObject({ ...UNCHECKED, detail: 'SIGNER_REVOKED' });
    // A list that says nothing: what lives shortly counts, the rest does not. And no list of nobody's is asked.
    lists.garbage = Buffer.from('<html>');
    await setPolicy({ softFailHours: 3 });
    expect(await (await signedBy(10, lists.url)).find()).toMatchObject(GOOD);
    expect(await (await signedBy(300, lists.url)).find()).toMatchObject(UNCHECKED);
    expect(await (await signedBy(300, `${trap.url}/list.crl`)).find()).toMatchObject(UNCHECKED);
    expect(trap.hits()).toBe(0);
  } finally {
    await lists.close();
  }
});

it('C07.FR.17: what the responder does not know is UNKNOWN, and what it said before counts for nothing', async () => {
  await setPolicy({ softFailHours: 72 });
  await check(pki.contract.chain);
  responder.forget(pki.contract);
  await app.rig.sql(`update ocsp_status set fresh_until = now() - interval '1 second' where $1 = $1`, [1]);
  expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'UNKNOWN', reason: 'ocsp_unknown' });
  responder.mode = 'hang-up';
  expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'UNAVAILABLE' });
});

it('keeps nothing about serials that nobody issued', async () => {
  const stray = newContract();
  responder.forget(stray[0]);
  await check(stray);
  const rows = await app.rig.sql('select 1 from ocsp_status where serial = $1', [stray[0].serial]);
  expect(rows).toEqual([]);
});

it('P4: does not wait longer than the deadline, and has the late answer for the next one', async () => {
  responder.mode = 'slow';
  const begun = Date.now();
  const findings = await check(pki.contract.chain, { withinMs: 100 });
  expect(Date.now() - begun).toBeLessThan(responder.slowMs);
  expect(findings[0]).toMatchObject({
    status: 'UNAVAILABLE',
    reason: 'responder_timeout',
    detail: 'DEADLINE',
  });
  await waitFor('the late answers', async () => {
    return (await app.rig.sql('select 1 from ocsp_status where $1 = $1', [1])).length === 3;
  });
  expect(statuses(await check(pki.contract.chain, { withinMs: 100 }))).toEqual([
    'GOOD  CACHE',
    'GOOD  CACHE',
    'GOOD  CACHE',
  ]);
});

it('P4: gives a silent responder three seconds', async () => {
  const chain = newContract();
  responder.misbehaveFor(chain[0], 'silent');
  const begun = Date.now();
  const [leaf] = await check(chain, { withinMs: 20_000 });
  expect(leaf).toMatchObject({
    status: 'UNAVAILABLE',
    reason: 'responder_timeout',
    detail: 'EGRESS_TIMEOUT',
  });
  expect(Date.now() - begun).toBeGreaterThanOrEqual(2_900);
  expect(Date.now() - begun).toBeLessThan(8_000);
});

it('P7: bridges a responder that is away for the hours of the policy, never one that answers badly', async () => {
  await setPolicy({ softFailHours: 2 });
  await check(pki.contract.chain);
  const age = (hours: number) =>
    app.rig.sql(
      `update ocsp_status set fresh_until = now() - interval '1 second', answered_at = now() - $1 * interval '1 hour'`,
      [hours],
    );
  await age(1);
  responder.mode = 'hang-up';
  expect((await check(pki.contract.chain))[0]).toMatchObject({
    status: 'GOOD',
    reason: 'soft_fail',
    source: 'POLICY',
  });
  responder.mode = 'tampered';
  expect((await check(pki.contract.chain))[0]).toMatchObject({
    status: 'UNAVAILABLE',
    detail: 'SIGNATURE_BAD',
  });
  responder.mode = 'hang-up';
  await age(3);
  expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'UNAVAILABLE' });
});

it('P5: asks again with SHA-1 when the responder does not know the issuer by SHA-256, if the policy lets it', async () => {
  const chain = newContract();
  responder.forget(chain[0]);
  const ofLeaf = () =>
    responder.requests.filter(({ serial }) => serial === chain[0].serial).map(({ hash }) => hash);
  expect((await check(chain))[0]).toMatchObject({ status: 'UNKNOWN' });
  expect(ofLeaf()).toEqual(['sha256', 'sha1']);
  await setPolicy({ ocspHashFallback: false });
  responder.requests.length = 0;
  await check(chain);
  expect(ofLeaf()).toEqual(['sha256']);
  await setPolicy({ ocspHash: 'SHA1', ocspHashFallback: null });
  responder.requests.length = 0;
  await check(chain);
  expect(ofLeaf()).toEqual(['sha1']);
  await setPolicy({ ocspHash: null });
});

it('P11: reaches nobody who is not on the list, whoever names him', async () => {
  const [leaf] = newContract({ ocspUrl: `${trap.url}/ocsp` });
  const findings = await check([leaf, pki.moSub2, pki.moSub1]);
  expect(findings[0]).toMatchObject({
    status: 'UNAVAILABLE',
    reason: 'responder_not_allowed',
    detail: trap.url,
  });
  const issuer = readCertificate(pki.moSub2.der);
  const id = certificateId(readCertificate(pki.contract.der), issuer, 'SHA256');
  const urls = [
    trap.url,
    `${responder.origin}@${trap.url.slice('http://'.length)}/`,
    `${responder.origin}.evil.example/`,
    'file:///etc/passwd',
    'not an address',
    '',
  ];
  const subjects = urls.map((url) => subjectOfHashData(id, issuer, url));
  const later = new Date(Date.now() + 3_000);
  const named = await statusesOf('demo', subjects, later);
  expect(named.map(({ reason }) => reason)).toEqual([
    ...Array(5).fill('responder_not_allowed'),
    'no_responder',
  ]);
  await app.rig.sql('delete from ocsp_status where $1 = $1', [1]);
  await setPolicy({ origins: [] });
  expect(statuses(await check(pki.contract.chain))).toEqual(
    Array(3).fill('UNAVAILABLE responder_not_allowed NONE'),
  );
  expect(trap.hits()).toBe(0);
});

/** Somebody's hash data below a known issuer; the serial may be made up. */
const named = (serial: string, url = responder.url) => {
  const issuer = readCertificate(pki.moSub2.der);
  const contract = readCertificate(pki.contract.der);
  return subjectOfHashData(certificateId({ ...contract, serial }, issuer, 'SHA256'), issuer, url);
};
const ask = (...subjects: readonly RevocationSubject[]) =>
  statusesOf('demo', subjects, new Date(Date.now() + 3_500));
const due = () =>
  app.rig.sql(`update ocsp_status set due_at = now() - interval '1 second' where $1 = $1`, [1]);
const grown = () =>
  app.rig.sql(`update ocsp_status set fresh_until = now() - interval '1 second' where $1 = $1`, [1]);

it('P7, P13: no exception of the policy is for addresses that a station chose', async () => {
  await setPolicy({ softFailHours: 72, withoutResponder: 'ACCEPT' });
  const { serial } = pki.contract;
  await check(pki.contract.chain);
  await grown();
  expect(statuses(await ask(named(serial, '')))).toEqual(['UNAVAILABLE no_responder NONE']);
  responder.mode = 'hang-up';
  expect(statuses(await ask(named(serial)))).toEqual(['UNAVAILABLE responder_unreachable NONE']);
  expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'GOOD', reason: 'soft_fail' });
  responder.mode = 'http-refusal';
  expect((await check(pki.contract.chain))[0]).toMatchObject({ reason: 'responder_refused' });
});

it('a flood of made-up serials keeps no chain from being asked about, and nothing of it is believed', async () => {
  await setPolicy({ softFailHours: 72 });
  responder.mode = 'slow';
  const flood = Array.from({ length: 200 }, (_, index) => named((index + 1_000).toString(16)));
  const [flooded, honest] = await Promise.all([ask(...flood), check(pki.contract.chain)]);
  expect(flooded.filter(({ reason }) => reason === 'too_busy').length).toBeGreaterThan(100);
  expect(statuses(honest)).toEqual(Array(3).fill('GOOD  OCSP'));
});

it('what only hash data named is not asked for again, and forgotten when its answer has run out', async () => {
  const job = app.rig.running.background.jobs.get('refresh-revocation')!;
  const [other] = newContract();
  await check(pki.contract.chain);
  await ask(named(other.serial));
  const rows = () =>
    app.rig.sql<{ serial: string; ocsp_urls: string[]; due_at: Date; fresh_until: Date }>(
      'select serial, ocsp_urls, due_at, fresh_until from ocsp_status where $1 = $1',
      [1],
    );
  const row = (await rows()).find(({ serial }) => serial === other.serial)!;
  expect(row).toMatchObject({ ocsp_urls: [], due_at: row.fresh_until });
  await due();
  responder.requests.length = 0;
  await job.runDue();
  await waitFor('the others', () => responder.requests.length === 3);
  expect(asked()).not.toContain(other.serial);
  expect((await rows()).map(({ serial }) => serial)).not.toContain(other.serial);
});

it('a station does not change whom to ask about a certificate that came whole', async () => {
  const { serial } = pki.contract;
  const row = async () =>
    (
      await app.rig.sql<{ ocsp_urls: string[]; due_at: Date; answered_at: Date }>(
        'select ocsp_urls, due_at, answered_at from ocsp_status where serial = $1',
        [serial],
      )
    )[0]!;
  await check(pki.contract.chain);
  const before = await row();
  await grown();
  expect(statuses(await ask(named(serial, `${responder.url}?mine`)))).toEqual(['GOOD  OCSP']);
  const after = await row();
  expect(after.answered_at.getTime()).toBeGreaterThan(before.answered_at.getTime());
  expect(after).toMatchObject({ ocsp_urls: [responder.url], due_at: before.due_at });
});

it('keeps no more than so much of what only hash data named, and asks all the same', async () => {
  await ask(named('abc1'));
  expect(await app.rig.sql(`select 1 from ocsp_status where serial = $1`, ['abc1'])).toHaveLength(1);
  await app.rig.sql(
    `insert into ocsp_status (tenant, issuer_name_hash, issuer_key_hash, serial, status, this_update, answered_at,
        fresh_until, issuer_der, ocsp_urls, crl_urls, last_used_at, due_at)
      select tenant, issuer_name_hash, issuer_key_hash, 'made-up-' || n, status, this_update, answered_at, fresh_until,
        issuer_der, ocsp_urls, crl_urls, last_used_at, due_at from ocsp_status, generate_series(1, $1) n
      where serial = 'abc1'`,
    [2_000],
  );
  expect(statuses(await ask(named('abc2')))).toEqual(['GOOD  OCSP']);
  expect(await app.rig.sql(`select 1 from ocsp_status where serial = $1`, ['abc2'])).toEqual([]);
  responder.revoke(pki.contract);
  expect(statuses(await ask(named(pki.contract.serial)))).toEqual(['REVOKED revoked OCSP']);
  expect(statuses(await ask(named(pki.contract.serial)))).toEqual(['REVOKED revoked CACHE']);
});

it('an answer older than the one held is not used, unless it was made for this request', async () => {
  await check(pki.contract.chain);
  await app.rig.sql(
    `update ocsp_status set fresh_until = now() - interval '1 second', this_update = now() where $1 = $1`,
    [1],
  );
  responder.mode = 'without-nonce';
  expect((await check(pki.contract.chain))[0]).toMatchObject({
    status: 'UNAVAILABLE',
    reason: 'response_unusable',
    detail: 'OVERTAKEN',
  });
  responder.reset();
  expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'GOOD', source: 'OCSP' });
});

it('P13: a list that cannot be used is fetched again by the next one, and an origin has few of them held', async () => {
  const lists = await CrlServer.start(pki.moSub2);
  try {
    await setPolicy({ origins: [responder.origin, lists.origin], crl: 'WITHOUT_OCSP' });
    const of = async (query: string) => {
      const [leaf] = newContract({ ocspUrl: '', crlUrl: `${lists.url}${query}` });
      return statuses(await check([leaf, pki.moSub2, pki.moSub1]))[0];
    };
    lists.change = { signer: pki.moRoot };
    expect(await of('')).toBe('UNAVAILABLE response_unusable NONE');
    lists.change = { thisUpdate: -48, nextUpdate: -24 };
    expect(await of('')).toBe('UNAVAILABLE response_unusable NONE');
    lists.change = {};
    expect(await of('')).toBe('GOOD  CRL');
    expect(lists.hits).toBe(3);
    for (let at = 0; at < 10; at += 1) await of(`?${at}`);
    expect(lists.hits).toBe(13);
    await of('?9');
    expect(lists.hits).toBe(13);
    await of('');
    expect(lists.hits).toBe(14);
  } finally {
    await lists.close();
  }
});

it('P8, P12: answers for hash data below a known issuer, also in the spelling of Josev chargers', async () => {
  const issuer = readCertificate(pki.moSub2.der);
  const id = certificateId(readCertificate(pki.contract.der), issuer, 'SHA256');
  const quirky = readHashData({
    hashAlgorithm: 'SHA256',
    issuerNameHash: Buffer.from(id.issuerNameHash, 'hex').toString('base64url'),
    issuerKeyHash: Buffer.from(id.issuerKeyHash, 'hex').toString('base64url'),
    serialNumber: BigInt(`0x${id.serialNumber}`).toString(10),
  });
  const subjects = [id, quirky].map((one) => subjectOfHashData(one, issuer, responder.url));
  const later = new Date(Date.now() + 3_000);
  const findings = await statusesOf('demo', subjects, later);
  expect(statuses(findings)).toEqual(['GOOD  OCSP', 'GOOD  OCSP']);
  expect(responder.requests).toHaveLength(1);
});

it('what one company knows, another does not', async () => {
  responder.revoke(pki.contract);
  await check(pki.contract.chain);
  expect(statuses(await check(pki.contract.chain, { tenant: 'other' }))).toEqual(
    Array(3).fill('UNAVAILABLE responder_not_allowed NONE'),
  );
});

it('P13: a certificate without a responder is refused, accepted or looked up in a list, as the policy says', async () => {
  const lists = await CrlServer.start(pki.moSub2);
  try {
    await setPolicy({ origins: [responder.origin, lists.origin] });
    const [leaf] = newContract({ ocspUrl: '' });
    const [listed] = newContract({ ocspUrl: '', crlUrl: lists.url });
    const one = async (certificate: TestCertificate) =>
      (await check([certificate, pki.moSub2, pki.moSub1]))[0]!;
    expect(await one(leaf)).toMatchObject({ status: 'UNAVAILABLE', reason: 'no_responder' });
    expect(await one(listed)).toMatchObject({ status: 'UNAVAILABLE', reason: 'no_responder' });
    expect(lists.hits).toBe(0);
    await setPolicy({ withoutResponder: 'ACCEPT' });
    expect(await one(leaf)).toMatchObject({ status: 'GOOD', reason: 'not_checked', source: 'POLICY' });
    await setPolicy({ crl: 'WITHOUT_OCSP', withoutResponder: null });
    expect(await one(leaf)).toMatchObject({ status: 'UNAVAILABLE' });
    expect(await one(listed)).toMatchObject({ status: 'GOOD', source: 'CRL' });
    await one(listed);
    expect(lists.hits).toBe(1);
    // A change of what is believed fetches it anew; and what it revoked stays.
    lists.revoke(listed);
    await setPolicy({ softFailHours: 1 });
    expect(await one(listed)).toMatchObject({
      status: 'REVOKED',
      revocationReason: 'SUPERSEDED',
      source: 'CRL',
    });
    expect(await one(listed)).toMatchObject({ status: 'REVOKED', source: 'CACHE' });
    expect(lists.hits).toBe(2);
    // OCSP gives no answer: the list is asked only when the policy says so.
    const [both] = newContract({ crlUrl: lists.url });
    responder.misbehaveFor(both, 'http-error');
    expect(await one(both)).toMatchObject({ status: 'UNAVAILABLE', reason: 'responder_unreachable' });
    await setPolicy({ crl: 'FALLBACK' });
    expect(await one(both)).toMatchObject({ status: 'GOOD', source: 'CRL' });
    lists.change = { signer: pki.moRoot };
    await setPolicy({ softFailHours: 2 });
    const findings = await one(both);
    expect(findings).toMatchObject({ status: 'UNAVAILABLE', reason: 'responder_unreachable' });
    lists.garbage = Buffer.from('<html>');
    await setPolicy({ softFailHours: 3 });
    const [another] = newContract({ ocspUrl: '', crlUrl: lists.url });
    expect(await one(another)).toMatchObject({ status: 'UNAVAILABLE', reason: 'response_unusable' });
  } finally {
    await lists.close();
  }
});

it('P6: keeps a revocation out of a list that is older than the last good answer of the responder', async () => {
  const lists = await CrlServer.start(pki.moSub2);
  try {
    await setPolicy({ origins: [responder.origin, lists.origin], crl: 'FALLBACK' });
    const chain = newContract({ crlUrl: lists.url });
    expect((await check(chain))[0]).toMatchObject({ status: 'GOOD', source: 'OCSP' });
    await app.rig.sql(`update ocsp_status set fresh_until = now() - interval '1 second' where $1 = $1`, [1]);
    lists.now = () => new Date(Date.now() - 10 * 3_600_000);
    lists.revoke(chain[0]);
    responder.misbehaveFor(chain[0], 'hang-up');
    expect((await check(chain))[0]).toMatchObject({ status: 'REVOKED', source: 'CRL' });
    responder.reset();
    expect((await check(chain))[0]).toMatchObject({ status: 'REVOKED', source: 'CACHE' });
  } finally {
    await lists.close();
  }
});

it('P6: does not take an older answer for the newer one that it has', async () => {
  await check(pki.contract.chain);
  const stateOf = () =>
    app.rig.sql<{ status: string; this_update: Date }>(
      'select status, this_update from ocsp_status where serial = $1',
      [pki.contract.serial],
    );
  const [newer] = await stateOf();
  await app.rig.sql(`update ocsp_status set fresh_until = now() - interval '1 second' where $1 = $1`, [1]);
  responder.now = () => new Date(Date.now() - 50 * 60_000);
  responder.mode = 'without-nonce';
  responder.revoke(pki.contract, new Date(), 6);
  await check(pki.contract.chain);
  responder.now = () => new Date();
  expect(await stateOf()).toEqual([newer]);
});

it('P6: asks before answers run out for contracts in use, and forgets those that nobody uses', async () => {
  const job = app.rig.running.background.jobs.get('refresh-revocation')!;
  await check(pki.contract.chain);
  await job.runDue();
  expect(responder.requests).toHaveLength(3);
  await app.rig.sql(`update ocsp_status set due_at = now() - interval '1 second' where $1 = $1`, [1]);
  await app.rig.sql(`update ocsp_status set last_used_at = now() - interval '8 days' where serial = $1`, [
    pki.moSub1.serial,
  ]);
  responder.revoke(pki.contract);
  await job.runDue();
  const held = () =>
    app.rig.sql<{ serial: string; status: string; due_at: Date | null; last_used_at: Date }>(
      'select serial, status, due_at, last_used_at from ocsp_status where $1 = $1',
      [1],
    );
  await waitFor('the revocation', async () => (await held()).some(({ status }) => status === 'REVOKED'));
  await waitFor('both requests', () => responder.requests.length === 5);
  const rows = await held();
  expect(rows.map(({ serial }) => serial).sort()).toEqual(serials(pki.contract, pki.moSub2).sort());
  expect(rows.find(({ serial }) => serial === pki.contract.serial)).toMatchObject({
    status: 'REVOKED',
    due_at: null,
  });
  // The next driver is told without anybody asking.
  responder.requests.length = 0;
  expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'REVOKED', source: 'CACHE' });
  expect(asked()).not.toContain(pki.contract.serial);
});

it('P6: is flushed by hand, revocations only when they are meant too', async () => {
  const flush = async (input: Record<string, unknown>) => {
    const { data } = await app.rig.graphql<{ flushRevocationCache: { removed: number } }>(
      admin,
      'mutation($input: FlushRevocationCacheInput!) { flushRevocationCache(input: $input) { removed } }',
      { input: { reason: 'responder was wrong', ...input } },
    );
    return data!.flushRevocationCache.removed;
  };
  responder.revoke(pki.contract);
  await check(pki.contract.chain);
  expect(await flush({})).toBe(2);
  expect((await check(pki.contract.chain))[0]).toMatchObject({ status: 'REVOKED', source: 'CACHE' });
  expect(await flush({ includingRevoked: true })).toBe(3);
  responder.reset();
  expect(statuses(await check(pki.contract.chain))).toEqual(Array(3).fill('GOOD  OCSP'));
  const audited = await app.rig.sql<{ details: unknown }>(
    `select details from audit_entry where action = 'revocation_cache.flushed' order by id`,
  );
  expect(audited.map(({ details }) => details)).toEqual([
    { removed: 2, includingRevoked: false },
    { removed: 3, includingRevoked: true },
  ]);
});

it('P2: chains that are bad in structure are never asked for, although each of their certificates is good', async () => {
  const store = app.rig.running.get(TrustStore);
  const hostile = hostileChains(pki, { ocspUrl: responder.url });
  for (const { name, chain, authorities, certificateStatus } of hostile) {
    responder.answersFor(...authorities);
    const certificates = chain.map(({ der }) => readCertificate(der));
    const result = store.validate(await store.current('demo'), 'CONTRACT', certificates);
    expect([name, result.ok]).toEqual([name, certificateStatus === undefined]);
  }
  expect(responder.requests).toEqual([]);
});
