// Real: Postgres, gRPC, GraphQL, certificates of a small PKI, an OCSP responder over HTTP. Played: the gateway, which found the CA.
import { auth } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { systemIds } from '@kilowatch/platform';
import { OcspResponder, TestCertificate, type WantedCertificate } from '@kilowatch/testing/pki';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { admin, AuthRig } from './auth-rig.js';

const { StationVerdict } = auth;
/** As sessions makes them: in order of time. */
const ids = systemIds();
const CITY = 'city';
const CITY_ORGANISATION = 'City Charging';

let app: AuthRig;
let responder: OcspResponder;
const root = TestCertificate.root({ subject: 'CN=Platform Root' });
const sub = root.issue({ subject: 'CN=Platform Sub', ca: true, to: 3650 });

beforeAll(async () => {
  responder = await OcspResponder.start();
  responder.answersFor(root, sub);
  app = await AuthRig.start({
    KW_EGRESS_ALLOW: '127.0.0.0/8',
    KW_STATION_CERTIFICATES: JSON.stringify({
      [CITY]: { organisation: CITY_ORGANISATION, commonName: 'IDENTITY' },
    }),
  });
  await app.rig.graphql(
    admin,
    'mutation($input: SetTrustPolicyInput!) { setTrustPolicy(input: $input) { policy { crl } } }',
    { input: { origins: [responder.origin] } },
  );
});
beforeEach(() => responder.reset());
afterAll(async () => {
  await app.close();
  await responder.close();
});

const leafOf = (name: string, over: Partial<WantedCertificate> = {}) =>
  sub.issue({ subject: `CN=${name}`, to: 90, ...over });

async function provision(tenant: string, identity: string): Promise<void> {
  await app.service.setStationCredential(
    auth.SetStationCredentialRequest.fromPartial({ stationId: ids.newId(), identity, securityProfile: 3 }),
    { tenant: tenantId(tenant) },
  );
}

async function verdictOf(tenant: string, identity: string, leaf: TestCertificate): Promise<string> {
  const { verdict } = await app.service.verifyStation(
    auth.VerifyStationRequest.fromPartial({
      identity,
      tenant,
      securityProfile: 3,
      remoteIp: '192.0.2.7',
      certificate: {
        der: Buffer.from(leaf.der),
        commonName: identity,
        verified: true,
        chain: [sub, root].map(({ der }) => Buffer.from(der)),
      },
    }),
    { tenant: tenantId(tenant) },
  );
  return StationVerdict[verdict].replace('STATION_VERDICT_', '');
}

it('lets in the station that it names, of a company without anchors of its own', async () => {
  await provision('demo', 'PF-1');
  expect(await verdictOf('demo', 'PF-1', leafOf('PF-1'))).toBe('ACCEPTED');
});

it('is asked whether it revoked the certificate: revoked is refused, away keeps nobody out', async () => {
  await provision('demo', 'PF-2');
  const leaf = leafOf('PF-2', { ocspUrl: responder.url });
  expect(await verdictOf('demo', 'PF-2', leaf)).toBe('ACCEPTED');
  const revoked = leafOf('PF-2', { ocspUrl: responder.url });
  responder.revoke(revoked);
  expect(await verdictOf('demo', 'PF-2', revoked)).toBe('CERTIFICATE_REVOKED');
  expect(await verdictOf('demo', 'PF-2', leafOf('PF-2', { ocspUrl: 'http://127.0.0.1:1/' }))).toBe(
    'ACCEPTED',
  );
});

it('does not let the station of one company in as that of another with its name, nor shut the first one out', async () => {
  await provision('demo', 'PF-3');
  expect(await verdictOf('demo', 'PF-3', leafOf('PF-3'))).toBe('ACCEPTED');
  await provision('other', 'PF-3');
  expect(await verdictOf('demo', 'PF-3', leafOf('PF-3'))).toBe('ACCEPTED');
  expect(await verdictOf('other', 'PF-3', leafOf('PF-3'))).toBe('CERTIFICATE_WRONG_ORGANISATION');
});

it('tells companies apart by the organisation in the certificate', async () => {
  await provision('demo', 'PF-4');
  await provision(CITY, 'PF-4');
  const theirs = leafOf('PF-4', { subject: `O=${CITY_ORGANISATION}, CN=PF-4` });
  expect(await verdictOf(CITY, 'PF-4', theirs)).toBe('ACCEPTED');
  expect(await verdictOf(CITY, 'PF-4', leafOf('PF-4'))).toBe('CERTIFICATE_WRONG_ORGANISATION');
  // Of whoever had the name first: its own organisation is not told, so any does.
  expect(await verdictOf('demo', 'PF-4', leafOf('PF-4'))).toBe('ACCEPTED');
});
