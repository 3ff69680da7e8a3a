// Real: Postgres, NATS JetStream, gRPC, GraphQL, HTTP, the built-in authority and its certificates. Played: the gateway with its stations.
import { randomUUID, X509Certificate } from 'node:crypto';
import { auth, events } from '@kilowatch/contracts';
import { tenantId, unavailable } from '@kilowatch/kernel';
import { readCrl, readCertificatesPem } from '@kilowatch/trust';
import { waitFor } from '@kilowatch/testing';
import { newKey, signingRequest, type KeyKind } from '@kilowatch/testing/pki';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StationCa } from '../src/usecases/station-ca.js';
import { AuthRig, foreignOperator, operator } from './auth-rig.js';
import { answered, PlayedCommands } from './played-commands.js';
import { StationPlay } from './station-play.js';

const ORGANISATION = 'Kilowatch Demo';
const OTHER = { tenant: tenantId('other') };
const CERTIFICATES = `query($filter: StationCertificateFilter) { stationCertificates(first: 20, filter: $filter) {
  edges { node { id type state serial subject issuer chain notBefore notAfter revocationReason station { id } } } } }`;

let commands: PlayedCommands;
let app: AuthRig;
let play: StationPlay;
beforeAll(async () => {
  commands = await PlayedCommands.start();
  app = await AuthRig.start({
    ...commands.env,
    KW_STATION_CERTIFICATES: JSON.stringify({ '*': { organisation: ORGANISATION } }),
    KW_STATION_CRL_URL: 'http://crl.example.org/station-ca.crl',
  });
  play = new StationPlay(app);
});
afterEach(() => commands.reset());
afterAll(async () => {
  await app.close();
  await commands.close();
});

const requestOf = (subject: string, kind: KeyKind = 'P-256') =>
  signingRequest({ subject, key: newKey(kind) });
const subject = (name: string, organisation = ORGANISATION) => `O=${organisation}, CN=${name}`;
const told = (stationId: string) =>
  commands
    .sentTo(stationId)
    .flatMap(({ certificateSigned }) => (certificateSigned ? [certificateSigned] : []));

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly serial: string;
  readonly chain: string;
  readonly notAfter: string;
  readonly revocationReason: string | null;
}

async function listed(stationId: string, asker = operator): Promise<Listed[]> {
  const { data } = await app.rig.graphql<{ stationCertificates: { edges: { node: Listed }[] } }>(
    asker,
    CERTIFICATES,
    {
      filter: { stationId },
    },
  );
  return data!.stationCertificates.edges.map(({ node }) => node);
}

async function certified(identity: string): Promise<{ stationId: string; chain: string }> {
  const stationId = await play.provision(identity, 3, '');
  const csr = requestOf(subject(identity));
  await play.asks(stationId, csr);
  const chain = await waitFor('CertificateSigned', () => told(stationId)[0]?.chain);
  return { stationId, chain };
}

describe('a signing request of a station', () => {
  it('C7, A02.FR.12: is accepted at once, signed with a random serial number and told with its type and request id', async () => {
    const stationId = await play.provision('CS-1', 2, 'station-password-1');
    const csr = requestOf(subject('CS-1'));
    expect(await play.asks(stationId, csr, { requestId: 7 })).toEqual({
      accepted: true,
      reasonCode: '',
      reason: '',
    });
    const sent = await waitFor('CertificateSigned', () => told(stationId)[0]);
    expect(sent).toMatchObject({ certificateType: 'ChargingStationCertificate', requestId: 7 });
    const [leaf] = readCertificatesPem(sent.chain);
    expect(leaf!.subject).toMatchObject({ commonName: 'CS-1', organization: ORGANISATION });
    expect(leaf!.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(leaf!.basicConstraints).toMatchObject({ ca: false });
    expect(leaf!.serial.length).toBeGreaterThanOrEqual(30);
    const days = (leaf!.notAfter.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(364);
    expect(days).toBeLessThan(366);
    const root = new X509Certificate(
      await (await fetch(`http://127.0.0.1:${app.rig.running.httpPort}/station-ca.pem`)).text(),
    );
    expect(new X509Certificate(sent.chain).verify(root.publicKey)).toBe(true);
    expect(await listed(stationId)).toMatchObject([{ state: 'ISSUED', serial: leaf!.serial }]);
  });

  it('towards cars lives two to three months, is a TLS server of DC=CPO, and is in use once the station took it', async () => {
    const stationId = await play.provision('CS-V2G', 2, 'station-password-1');
    const csr = requestOf(subject('CS-V2G'));
    await play.asks(stationId, csr, { certificateType: 'V2GCertificate' });
    const [leaf] = readCertificatesPem((await waitFor('CertificateSigned', () => told(stationId)[0])).chain);
    expect(leaf!.subject.domainComponents).toEqual(['CPO']);
    expect(leaf!.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect((leaf!.notAfter.getTime() - Date.now()) / 86_400_000).toBeLessThan(91);
    await waitFor('the state', async () => (await listed(stationId))[0]?.state === 'INSTALLED');
  });

  it('A02.FR.17: that comes again is one certificate, told again under the request id it has now', async () => {
    const stationId = await play.provision('CS-AGAIN', 2, 'station-password-1');
    const csr = requestOf(subject('CS-AGAIN'));
    await play.asks(stationId, csr, { requestId: 1 });
    await waitFor('the first', () => told(stationId).length === 1);
    await play.asks(stationId, csr, { requestId: 2 });
    await waitFor('the second', () => told(stationId).length === 2);
    const [first, second] = told(stationId);
    expect(second!.chain).toBe(first!.chain);
    expect([first!.requestId, second!.requestId]).toEqual([1, 2]);
    expect(await listed(stationId)).toHaveLength(1);
  });

  it('waits for a station that is away, and is told when it is back', async () => {
    const stationId = await play.provision('CS-AWAY', 2, 'station-password-1');
    commands.answer = () => ({ outcome: 4 });
    const csr = requestOf(subject('CS-AWAY'));
    await play.asks(stationId, csr);
    await waitFor('the try', () => told(stationId).length === 1);
    commands.answer = () => answered('Accepted');
    await play.connects(stationId, { credentialId: 'password' });
    await waitFor('the next try', () => told(stationId).length === 2);
    expect(await listed(stationId)).toHaveLength(1);
  });

  it('A02.FR.07: the station refuses what was signed: the certificate is revoked and the request says why', async () => {
    const stationId = await play.provision('CS-NO', 2, 'station-password-1');
    commands.answer = () => answered('Rejected');
    const csr = requestOf(subject('CS-NO'));
    await play.asks(stationId, csr);
    await waitFor('the state', async () => (await listed(stationId))[0]?.state === 'REVOKED');
    expect(await play.requestsOf(stationId)).toMatchObject([
      { state: 'FAILED', problem: 'The station said Rejected.' },
    ]);
  });

  it.each([
    ['of another station', async () => requestOf(subject('CS-ELSE')), 'CommonName'],
    ['of another operator', async () => requestOf(subject('CS-BAD', 'Else')), 'Organisation'],
    ['without an organisation', async () => requestOf('CN=CS-BAD'), 'Organisation'],
    ['whose name is an address', async () => requestOf(subject('192.0.2.1')), 'CommonName'],
    ['with a weak key', async () => requestOf(subject('CS-BAD'), 'RSA-1024'), 'WeakKey'],
    ['that is none', async () => 'hello', 'Unreadable'],
    [
      'that is not signed with its key',
      async () => signingRequest({ subject: subject('CS-BAD'), signer: newKey('P-256') }),
      'BadSignature',
    ],
  ])('%s is rejected, and an operator sees why', async (_what, make, reasonCode) => {
    const identity = 'CS-BAD';
    const stationId = await play.provision(identity, 2, 'station-password-1', true);
    const answer = await play.asks(stationId, await make());
    expect(answer).toMatchObject({ accepted: false, reasonCode });
    const [request] = await play.requestsOf(stationId);
    expect(request).toMatchObject({ state: 'REFUSED', problem: answer.reason });
    expect(told(stationId)).toEqual([]);
  });
});

describe('a certificate at the door', () => {
  const { StationVerdict } = auth;

  it('S4: of ours lets its station in as profile 3, without any CA at the gateway', async () => {
    const { chain } = await certified('CS-DOOR');
    expect(await play.shows('CS-DOOR', chain)).toMatchObject({
      verdict: StationVerdict.STATION_VERDICT_ACCEPTED,
      securityProfile: 3,
      provisional: false,
    });
  });

  it('of another station of ours is refused, and its security log has it', async () => {
    const { chain } = await certified('CS-ONE');
    await certified('CS-TWO');
    expect((await play.shows('CS-TWO', chain)).verdict).toBe(
      StationVerdict.STATION_VERDICT_CERTIFICATE_WRONG_NAME,
    );
    const refused = await app.rig.published(events.stationCertificateRefused);
    expect(refused.at(-1)).toMatchObject({ stationIdentity: 'CS-TWO', reason: 'CERTIFICATE_WRONG_NAME' });
  });

  it('of a station of another company is refused, though one authority signs for both, and both have that name and organisation', async () => {
    await play.provision('CS-SHARED', 3, '');
    const stationId = randomUUID();
    await app.service.setStationCredential(
      auth.SetStationCredentialRequest.fromPartial({ stationId, identity: 'CS-SHARED', securityProfile: 3 }),
      OTHER,
    );
    const csr = requestOf(subject('CS-SHARED'));
    const request = auth.RequestCertificateRequest.fromPartial({ stationId, csr, protocol: 'ocpp2.0.1' });
    await app.rig.grpc(auth.CertificateServiceClient).requestCertificate(request, OTHER);
    const theirs = await waitFor('CertificateSigned', () => told(stationId)[0]?.chain);
    const der = new X509Certificate(theirs).raw;
    // The gateway trusts the authority too (KW_OCPP_STATION_CA).
    const certificate = auth.StationCertificate.fromPartial({
      der,
      commonName: 'CS-SHARED',
      verified: true,
    });
    expect((await play.shows('CS-SHARED', theirs, { certificate })).verdict).toBe(
      StationVerdict.STATION_VERDICT_CERTIFICATE_WRONG_NAME,
    );
    expect((await play.shows('CS-SHARED', theirs, { certificate, tenant: 'other' })).verdict).toBe(
      StationVerdict.STATION_VERDICT_ACCEPTED,
    );
  });

  it('that nobody vouches for is refused', async () => {
    await play.provision('CS-STRANGER', 3, '');
    const stranger = await play.strangersCertificate('CS-STRANGER');
    expect((await play.shows('CS-STRANGER', stranger)).verdict).toBe(
      StationVerdict.STATION_VERDICT_CERTIFICATE_UNTRUSTED,
    );
  });

  it('C9: counts no more once the station came with a newer one, which then is the one in use', async () => {
    const { stationId, chain: old } = await certified('CS-RENEWED');
    await play.connectsWith(stationId, old);
    await waitFor('the first in use', async () => (await listed(stationId))[0]?.state === 'INSTALLED');
    const csr = requestOf(subject('CS-RENEWED'));
    await play.asks(stationId, csr);
    const fresh = await waitFor('the second', () => told(stationId)[1]?.chain);
    // Until it comes with the new one both count.
    for (const chain of [old, fresh])
      expect((await play.shows('CS-RENEWED', chain)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
    await play.connectsWith(stationId, fresh);
    await waitFor('the old one revoked', async () => (await listed(stationId))[1]?.state === 'REVOKED');
    expect(await listed(stationId)).toMatchObject([
      { state: 'INSTALLED' },
      { state: 'REVOKED', revocationReason: 'SUPERSEDED' },
    ]);
    expect((await play.shows('CS-RENEWED', old)).verdict).toBe(
      StationVerdict.STATION_VERDICT_CERTIFICATE_SUPERSEDED,
    );
    expect((await play.shows('CS-RENEWED', fresh)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
  });

  it('2.1 A02.FR.28: the new one was discarded by the station: it counts no more, and the old one goes on', async () => {
    const { stationId, chain: old } = await certified('CS-DISCARDS');
    await play.connectsWith(stationId, old);
    await waitFor('in use', async () => (await listed(stationId))[0]?.state === 'INSTALLED');
    await play.asks(stationId, requestOf(subject('CS-DISCARDS')));
    const fresh = await waitFor('the second', () => told(stationId)[1]?.chain);
    await play.reportsSecurityEvent(stationId, 'DiscardedRenewedClientCertificate');
    await waitFor('it discarded', async () => (await listed(stationId))[0]?.state === 'REVOKED');
    expect((await play.shows('CS-DISCARDS', fresh)).verdict).toBe(
      StationVerdict.STATION_VERDICT_CERTIFICATE_SUPERSEDED,
    );
    expect((await play.shows('CS-DISCARDS', old)).verdict).toBe(StationVerdict.STATION_VERDICT_ACCEPTED);
  });

  it('A00.FR.429: expired is refused, unless the station is flagged: then it is let in to get another, and asked for its request', async () => {
    const { stationId, chain } = await certified('CS-OLD');
    await app.rig.sql(
      `update station_certificate set not_after = now() - interval '1 hour' where station_id = $1`,
      [stationId],
    );
    expect((await play.shows('CS-OLD', chain)).verdict).toBe(
      StationVerdict.STATION_VERDICT_CERTIFICATE_EXPIRED,
    );
    await play.mutate('allowExpiredStationCertificate', 'station { id }', { stationId, hours: 24 });
    const answer = await play.shows('CS-OLD', chain);
    expect(answer).toMatchObject({ verdict: StationVerdict.STATION_VERDICT_ACCEPTED, provisional: true });
    await play.connects(stationId, { credentialId: answer.credentialId, securityProfile: 3 });
    await waitFor('the trigger', () =>
      commands
        .sentTo(stationId)
        .some(({ triggerMessage }) => triggerMessage?.requestedMessage === 'SignChargingStationCertificate'),
    );
  });
});

describe('what operators do', () => {
  it('revoke a certificate: it is refused, on the CRL, and revoking it again changes nothing', async () => {
    const { stationId, chain } = await certified('CS-REVOKE');
    const [{ id, serial } = { id: '', serial: '' }] = await listed(stationId);
    for (const _ of [1, 2]) {
      const revoked = await play.mutate(
        'revokeStationCertificate',
        'certificate { state revocationReason }',
        {
          id,
          reason: 'KEY_COMPROMISE',
          note: 'stolen',
        },
      );
      expect(revoked).toMatchObject({
        certificate: { state: 'REVOKED', revocationReason: 'KEY_COMPROMISE' },
      });
    }
    expect((await play.shows('CS-REVOKE', chain)).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_CERTIFICATE_REVOKED,
    );
    const response = await fetch(`http://127.0.0.1:${app.rig.running.httpPort}/station-ca.crl`);
    expect(response.headers.get('content-type')).toBe('application/pkix-crl');
    const list = new Uint8Array(await response.arrayBuffer());
    const [authority] = await app.rig.running.get(StationCa).builtInRoots();
    const reading = readCrl(list, readCertificatesPem(authority!)[0]!);
    expect(reading).toMatchObject({ ok: true });
    expect(reading.ok && reading.crl.entries.has(serial)).toBe(true);
    const audit = await app.rig.sql(
      `select action, reason from audit_entry where target_id = $1 and action like 'station_certificate.%'`,
      [stationId],
    );
    expect(audit).toEqual([{ action: 'station_certificate.revoked', reason: 'stolen' }]);
  });

  const revoke = (id: string) =>
    play.mutate('revokeStationCertificate', 'certificate { state }', {
      id,
      reason: 'KEY_COMPROMISE',
      note: 'stolen',
    });
  const endedOf = (id: string) => commands.ended.filter(({ stationId }) => stationId === id);
  const stillDue = async (stationId: string) =>
    (
      await app.rig.sql(
        'select 1 from station_certificate where station_id = $1 and disconnect_at is not null',
        [stationId],
      )
    ).length;

  it('revoke a certificate: the connection that came with it is ended, once for all repetitions', async () => {
    const { stationId, chain } = await certified('CS-REVOKE-LIVE');
    const { credentialId } = await play.shows('CS-REVOKE-LIVE', chain);
    const [{ id } = { id: '' }] = await listed(stationId);
    for (const _ of [1, 2]) await revoke(id);
    await waitFor(
      'the order',
      async () => endedOf(stationId).length > 0 && (await stillDue(stationId)) === 0,
    );
    await revoke(id);
    expect(await stillDue(stationId)).toBe(0);
    expect(endedOf(stationId)).toEqual([{ stationId, credentialId, requestedBy: 'auth', tenant: 'demo' }]);
  });

  it('revoke a certificate while the gateway is away: it is asked until it says that no connection is left', async () => {
    const { stationId } = await certified('CS-REVOKE-AWAY');
    const [{ id } = { id: '' }] = await listed(stationId);
    commands.endsIt = () => {
      throw unavailable('COMMAND_UNANSWERED', 'not now');
    };
    await revoke(id);
    await waitFor('a try', () => endedOf(stationId).length > 0);
    commands.endsIt = () => false;
    const before = endedOf(stationId).length;
    await waitFor(
      'another',
      async () => endedOf(stationId).length > before && (await stillDue(stationId)) === 0,
      { timeoutMs: 15_000 },
    );
  });

  it('revoke a certificate while its station is let in: the connection that comes to light later is ended too', async () => {
    const { stationId, chain } = await certified('CS-REVOKE-RACE');
    const { credentialId } = await play.shows('CS-REVOKE-RACE', chain);
    const [{ id } = { id: '' }] = await listed(stationId);
    commands.endsIt = () => false;
    await revoke(id);
    await waitFor(
      'the order',
      async () => endedOf(stationId).length === 1 && (await stillDue(stationId)) === 0,
    );
    await play.connects(stationId, { credentialId, securityProfile: 3 });
    await waitFor(
      'the second',
      async () => endedOf(stationId).length === 2 && (await stillDue(stationId)) === 0,
    );
    expect((await listed(stationId))[0]).toMatchObject({ state: 'REVOKED' });
  });

  it('sign a request from the workshop, which is not sent to anybody', async () => {
    const stationId = await play.provision('CS-WORKSHOP', 3, '');
    const csr = requestOf(subject('CS-WORKSHOP'));
    const signed = (await play.mutate('signStationCertificate', 'certificate { chain state }', {
      stationId,
      csr,
    })) as {
      certificate: { chain: string };
    };
    expect((await play.shows('CS-WORKSHOP', signed.certificate.chain)).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_ACCEPTED,
    );
    expect(commands.sentTo(stationId)).toEqual([]);
  });

  it('of another tenant see and change nothing', async () => {
    const { stationId } = await certified('CS-MINE');
    const [{ id } = { id: '' }] = await listed(stationId);
    expect(await listed(stationId, foreignOperator)).toEqual([]);
    const { codes } = await app.rig.graphql(
      foreignOperator,
      'mutation($input: RevokeStationCertificateInput!) { revokeStationCertificate(input: $input) { certificate { id } } }',
      { input: { id, reason: 'UNSPECIFIED' } },
    );
    expect(codes).toEqual(['NOT_FOUND']);
  });

  it('renew a certificate before its time: the station is asked, and asked again while nothing comes of it', async () => {
    const { stationId, chain } = await certified('CS-RENEW');
    await play.connectsWith(stationId, chain);
    await waitFor('in use', async () => (await listed(stationId))[0]?.state === 'INSTALLED');
    const [{ id } = { id: '' }] = await listed(stationId);
    const triggers = () => commands.sentTo(stationId).filter(({ triggerMessage }) => triggerMessage).length;
    await play.mutate('renewStationCertificate', 'certificate { renewAt }', { id });
    await waitFor('the first', () => triggers() === 1);
    await waitFor('it put off', async () => {
      const [row] = await app.rig.sql<{ wait: string }>(
        'select extract(epoch from renew_at - now()) as wait from station_certificate where id = $1',
        [id],
      );
      return Number(row!.wait) > 3_000;
    });
    await app.rig.sql('update station_certificate set renew_at = now() where id = $1', [id]);
    await waitFor('the second', () => triggers() === 2);
  });
});
