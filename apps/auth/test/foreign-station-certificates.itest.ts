// Real: Postgres, NATS, gRPC, GraphQL, certificates of a small PKI, an OCSP responder over HTTP. Played: the gateway.
import { X509Certificate } from 'node:crypto';
import { auth } from '@kilowatch/contracts';
import { OcspResponder, TestCertificate, type WantedCertificate } from '@kilowatch/testing/pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admin, AuthRig } from './auth-rig.js';
import { StationPlay } from './station-play.js';

const { StationVerdict } = auth;
const ORGANISATION = 'Kilowatch Demo';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

let app: AuthRig;
let play: StationPlay;
let responder: OcspResponder;
const root = TestCertificate.root({ subject: 'CN=Stations Root' });
const sub = root.issue({ subject: 'CN=Stations Sub', ca: true, to: 3650 });
const stranger = TestCertificate.root({ subject: 'CN=Stations Root' });

beforeAll(async () => {
  responder = await OcspResponder.start();
  responder.answersFor(root, sub);
  app = await AuthRig.start({
    KW_EGRESS_ALLOW: '127.0.0.0/8',
    KW_STATION_CERTIFICATES: JSON.stringify({ '*': { organisation: ORGANISATION, commonName: 'EITHER' } }),
  });
  play = new StationPlay(app);
  for (const [purpose, pem] of [
    ['STATION', root.pem],
    ['CONTRACT', stranger.pem],
  ]) {
    const { codes } = await app.rig.graphql(
      admin,
      'mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) { added } }',
      { input: { pem, purpose } },
    );
    expect(codes).toEqual([]);
  }
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

const leafOf = (name: string, over: Partial<WantedCertificate> = {}, issuer = sub) =>
  issuer.issue({ subject: `O=${ORGANISATION}, CN=${name}`, to: 90, purposes: [CLIENT_AUTH], ...over });

async function verdictOf(
  identity: string,
  leaf: TestCertificate,
  chain: readonly TestCertificate[] = [sub],
  over: { verified?: boolean } = {},
) {
  await play.provision(identity, 3, '', true);
  const name: unknown = new X509Certificate(leaf.pem).toLegacyObject().subject?.CN;
  return play.shows(identity, leaf.pem, {
    certificate: {
      der: Buffer.from(leaf.der),
      commonName: typeof name === 'string' ? name : '',
      verified: over.verified ?? false,
      chain: chain.map(({ der }) => Buffer.from(der)),
      fault: 'client_certificate_untrusted',
    },
  });
}

describe('S4: a certificate of another authority', () => {
  it('that leads to the tenant’s anchor for stations lets its station in, at the first and at later connections', async () => {
    const leaf = leafOf('CS-A');
    for (const _ of [1, 2])
      expect(await verdictOf('CS-A', leaf)).toMatchObject({
        verdict: StationVerdict.STATION_VERDICT_ACCEPTED,
        securityProfile: 3,
      });
  });

  it.each<[string, () => TestCertificate, TestCertificate[], keyof typeof StationVerdict]>([
    ['without its sub-CA', () => leafOf('CS-B'), [], 'STATION_VERDICT_CERTIFICATE_UNTRUSTED'],
    [
      'of an anchor for contracts',
      () => leafOf('CS-B', {}, stranger),
      [],
      'STATION_VERDICT_CERTIFICATE_UNTRUSTED',
    ],
    [
      'for servers',
      () => leafOf('CS-B', { purposes: [SERVER_AUTH] }),
      [sub],
      'STATION_VERDICT_CERTIFICATE_UNTRUSTED',
    ],
    [
      'that is not valid yet',
      () => leafOf('CS-B', { from: 2 }),
      [sub],
      'STATION_VERDICT_CERTIFICATE_UNTRUSTED',
    ],
    [
      'that has expired',
      () => leafOf('CS-B', { from: -9, to: -1 }),
      [sub],
      'STATION_VERDICT_CERTIFICATE_EXPIRED',
    ],
    ['of another station', () => leafOf('CS-ELSE'), [sub], 'STATION_VERDICT_CERTIFICATE_WRONG_NAME'],
    [
      'of another operator',
      () => leafOf('', { subject: 'O=Else, CN=CS-B' }),
      [sub],
      'STATION_VERDICT_CERTIFICATE_WRONG_ORGANISATION',
    ],
    [
      'that is made by the station itself, with a good one of somebody beside it',
      () => TestCertificate.root({ subject: `O=${ORGANISATION}, CN=CS-B` }),
      [leafOf('CS-B'), sub],
      'STATION_VERDICT_CERTIFICATE_UNTRUSTED',
    ],
    [
      'that its station signed, with a good one of somebody beside it',
      () => leafOf('CS-B', {}, TestCertificate.root({ subject: 'CN=Own' })),
      [leafOf('CS-B'), sub],
      'STATION_VERDICT_CERTIFICATE_UNTRUSTED',
    ],
  ])('%s is refused', async (_what, make, chain, verdict) => {
    expect((await verdictOf('CS-B', make(), chain)).verdict).toBe(StationVerdict[verdict]);
  });

  it('that a CA of the platform vouches for counts no more, once the tenant has anchors of its own', async () => {
    const leaf = leafOf('CS-C', {}, stranger);
    expect((await verdictOf('CS-C', leaf, [], { verified: true })).verdict).toBe(
      StationVerdict.STATION_VERDICT_CERTIFICATE_UNTRUSTED,
    );
  });

  it('that has expired lets a flagged station in to get another, and never one whose CA has ended', async () => {
    const stationId = await play.provision('CS-D', 3, '');
    await play.mutate('allowExpiredStationCertificate', 'station { id }', { stationId, hours: 1 });
    expect(await verdictOf('CS-D', leafOf('CS-D', { from: -9, to: -1 }))).toMatchObject({
      verdict: StationVerdict.STATION_VERDICT_ACCEPTED,
      provisional: true,
    });
    const ended = root.issue({ subject: 'CN=Ended Sub', ca: true, from: -99, to: -1 });
    expect((await verdictOf('CS-D', leafOf('CS-D', {}, ended), [ended])).verdict).toBe(
      StationVerdict.STATION_VERDICT_CERTIFICATE_EXPIRED,
    );
  });

  it('may name the serial number, while no other station says the same of itself', async () => {
    const stationId = await play.provision('CS-E', 3, '');
    const serial = 'SN-4711';
    await app.rig.sql('update station_credential set serial_number = $2 where station_id = $1', [
      stationId,
      serial,
    ]);
    const leaf = leafOf(serial);
    expect((await verdictOf('CS-E', leaf)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
    const other = await play.provision('CS-F', 3, '');
    await app.rig.sql('update station_credential set serial_number = $2 where station_id = $1', [
      other,
      serial,
    ]);
    for (const identity of ['CS-E', 'CS-F'])
      expect((await verdictOf(identity, leaf)).verdict).toBe(
        StationVerdict.STATION_VERDICT_CERTIFICATE_WRONG_NAME,
      );
  });

  it('is asked about at its responder: good, revoked; one that is away keeps nobody out', async () => {
    const withOcsp = (name: string) => leafOf(name, { ocspUrl: responder.url });
    expect((await verdictOf('CS-G', withOcsp('CS-G'))).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
    const revoked = withOcsp('CS-H');
    responder.revoke(revoked);
    expect((await verdictOf('CS-H', revoked)).verdict).toBe(
      StationVerdict.STATION_VERDICT_CERTIFICATE_REVOKED,
    );
    const nowhere = leafOf('CS-I', { ocspUrl: 'http://127.0.0.1:1/' });
    expect((await verdictOf('CS-I', nowhere)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
  });
});

describe('C11: whoever signed a firmware', () => {
  const manufacturer = TestCertificate.root({ subject: 'CN=Manufacturer' });
  const check = (signingCertificate: string, signature = 'c2lnbmF0dXJl') =>
    app.rig
      .grpc(auth.CertificateServiceClient)
      .checkFirmwareSigner({ signingCertificate, signature }, { tenant: 'demo' as never });

  it('must lead to the tenant’s manufacturers, once it named any', async () => {
    const unknown = stranger.issue({ subject: 'CN=Firmware', to: 90 }).pem;
    expect(await check(unknown)).toEqual({ accepted: true, reason: '' });
    await app.rig.graphql(
      admin,
      'mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) { added } }',
      { input: { pem: manufacturer.pem, purpose: 'MANUFACTURER' } },
    );
    expect(await check(manufacturer.issue({ subject: 'CN=Firmware', to: 90 }).pem)).toMatchObject({
      accepted: true,
    });
    expect(await check(unknown)).toMatchObject({ accepted: false });
    const expired = manufacturer.issue({ subject: 'CN=Firmware', from: -9, to: -1 }).pem;
    expect((await check(expired)).reason).toMatch(/expired/i);
  });

  it('must have signed at all', async () => {
    expect(await check('no certificate')).toMatchObject({ accepted: false });
    expect(await check(manufacturer.pem, 'not base64!')).toMatchObject({ accepted: false });
  });
});
