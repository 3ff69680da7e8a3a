import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { auth } from '@kilowatch/contracts';
import { OcspResponder, TestCertificate, testPki, type TestPki } from '@kilowatch/testing/pki';
import { admin, AuthRig } from './auth-rig.js';
import { StationPlay } from './station-play.js';

// Real: Postgres, gRPC, certificates, an OCSP responder over HTTP. The gateway is played: TLS proved that the station has its key.
const IDENTITY = 'CS-0001';
const { ACCEPTED, CERTIFICATE_EXPIRED, CERTIFICATE_REVOKED, CERTIFICATE_UNTRUSTED } = {
  ACCEPTED: auth.StationVerdict.STATION_VERDICT_ACCEPTED,
  CERTIFICATE_EXPIRED: auth.StationVerdict.STATION_VERDICT_CERTIFICATE_EXPIRED,
  CERTIFICATE_REVOKED: auth.StationVerdict.STATION_VERDICT_CERTIFICATE_REVOKED,
  CERTIFICATE_UNTRUSTED: auth.StationVerdict.STATION_VERDICT_CERTIFICATE_UNTRUSTED,
};
let app: AuthRig;
let stations: StationPlay;
let responder: OcspResponder;
let pki: TestPki;

beforeAll(async () => {
  [app, responder] = await Promise.all([
    AuthRig.start({ KW_EGRESS_ALLOW: '127.0.0.0/8' }),
    OcspResponder.start(),
  ]);
  stations = new StationPlay(app);
  pki = testPki({ ocspUrl: responder.url });
  responder.answersFor(...pki.authorities);
  await stations.provision(IDENTITY, 3, '');
  await mutate(
    'importTrustAnchors',
    'ImportTrustAnchorsInput',
    { pem: pki.v2gRoot.pem, purpose: 'STATION' },
    'added',
  );
  await mutate('setTrustPolicy', 'SetTrustPolicyInput', { origins: [responder.origin] }, 'policy { crl }');
});
afterAll(() => Promise.all([app.rig.close(), responder.close()]));
beforeEach(() => responder.reset());

async function mutate(name: string, type: string, input: Record<string, unknown>, fields: string) {
  const query = `mutation($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;
  expect((await app.rig.graphql(admin, query, { input })).codes).toEqual([]);
}

const newStation = (more: object = {}) =>
  pki.cpoSub2.issue({ subject: `CN=${IDENTITY}, O=Kilowatch Test, DC=CPO`, ocspUrl: responder.url, ...more });

async function verdict(...chain: readonly TestCertificate[]) {
  const [leaf, ...rest] = chain.map(({ der }) => Buffer.from(der));
  const certificate = {
    der: leaf!,
    commonName: IDENTITY,
    verified: false,
    fault: 'client_certificate_untrusted',
    chain: rest,
  };
  return (await stations.shows(IDENTITY, chain[0]!.pem, { certificate })).verdict;
}

it('S4: a station gets in with a certificate below an anchor of its tenant, and one below another does not', async () => {
  expect(await verdict(newStation(), pki.cpoSub2, pki.cpoSub1)).toBe(ACCEPTED);
  expect(await verdict(newStation())).toBe(CERTIFICATE_UNTRUSTED);
  const twin = testPki();
  expect(await verdict(...twin.station.chain)).toBe(CERTIFICATE_UNTRUSTED);
});

it('S4: a contract root vouches for no station', async () => {
  await mutate(
    'importTrustAnchors',
    'ImportTrustAnchorsInput',
    { pem: pki.moRoot.pem, purpose: 'CONTRACT' },
    'added',
  );
  const leaf = pki.moSub2.issue({ subject: `CN=${IDENTITY}, O=Mobility, DC=MO` });
  expect(await verdict(leaf, pki.moSub2, pki.moSub1)).toBe(CERTIFICATE_UNTRUSTED);
});

it('S4: a revoked certificate is refused, also one that got in before', async () => {
  const leaf = newStation();
  const chain = [leaf, pki.cpoSub2, pki.cpoSub1];
  expect(await verdict(...chain)).toBe(ACCEPTED);
  await app.rig.sql(`update ocsp_status set fresh_until = now() - interval '1 second' where $1 = $1`, [1]);
  responder.revoke(leaf);
  expect(await verdict(...chain)).toBe(CERTIFICATE_REVOKED);
});

it.each(['hang-up', 'garbage', 'unauthorized'] as const)(
  'a responder that gives no answer (%s) keeps no station out',
  async (mode) => {
    const leaf = newStation();
    responder.misbehaveFor(leaf, mode);
    expect(await verdict(leaf, pki.cpoSub2, pki.cpoSub1)).toBe(ACCEPTED);
  },
);

it('an expired certificate is told from one that nobody vouches for', async () => {
  expect(await verdict(newStation({ from: -9, to: -1 }), pki.cpoSub2, pki.cpoSub1)).toBe(CERTIFICATE_EXPIRED);
});

it('from the moment its anchor is removed a station does not get in', async () => {
  const leaf = newStation();
  expect(await verdict(leaf, pki.cpoSub2, pki.cpoSub1)).toBe(ACCEPTED);
  const other = TestCertificate.root({ subject: 'CN=Other stations' });
  await mutate(
    'importTrustAnchors',
    'ImportTrustAnchorsInput',
    { pem: other.pem, purpose: 'STATION' },
    'added',
  );
  const [row] = await app.rig.sql<{ id: string }>(
    `select id from trust_anchor where purpose = 'STATION' and subject like $1`,
    ['%V2G Root%'],
  );
  await mutate(
    'removeTrustAnchor',
    'RemoveTrustAnchorInput',
    { id: row!.id, reason: 'test' },
    'anchor { id }',
  );
  expect(await verdict(leaf, pki.cpoSub2, pki.cpoSub1)).toBe(CERTIFICATE_UNTRUSTED);
});
