// Real: every service as a process, TLS sockets, the built-in authority. What becomes of a station whose certificate does not count,
// at the door and while it is connected, and what stays on record of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { waitFor } from '@kilowatch/testing';
import { newKey, signingRequest } from '@kilowatch/testing/pki';
import { ScriptedStation } from '@kilowatch/tools/conformance/scripted-station';
import { casesEnv } from '@kilowatch/tools/conformance/cases-env';
import { TlsDoors } from '@kilowatch/tools/conformance/tls-doors';
import { importStations } from '@kilowatch/tools/seed/seed-demo';
import { DEMO_ORGANISATION } from '@kilowatch/tools/system/demo-organisation';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

let sut: SystemUnderTest;
let tls: TlsDoors;
const folder = mkdtempSync(join(tmpdir(), 'kilowatch-station-certificates-'));
const REFUSED = ['EXPIRED', 'WRONG-NAME', 'REVOKED', 'FOREIGN'] as const;
type Refused = (typeof REFUSED)[number];

beforeAll(async () => {
  tls = await TlsDoors.make(folder);
  sut = await SystemUnderTest.start({ extraEnv: casesEnv(tls) });
  await importStations(
    sut.people.operator,
    [...REFUSED, 'LIVE', 'RENEWED'].map((name) => ({
      identity: `CERT-${name}`,
      location: 'Certificates',
      securityProfile: 3,
      password: null,
      connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
    })),
  );
});
afterAll(async () => {
  await sut?.stop();
  rmSync(folder, { recursive: true });
});

const door = (identity: string, shown: ConnectionOptions) => ({
  ocppUrl: tls.certificateUrl,
  identity,
  version: '2.0.1' as const,
  tls: shown,
});

async function stationId(identity: string): Promise<string> {
  const { stations } = await sut.people.operator.request<{
    stations: { edges: { node: { id: string; identity: string } }[] };
  }>('query { stations(first: 100) { edges { node { id identity } } } }');
  return stations.edges.find(({ node }) => node.identity === identity)!.node.id;
}

/** As a workshop does: signed by our authority, put into the station by hand. */
async function signed(identity: string): Promise<{ id: string; shown: ConnectionOptions }> {
  const key = newKey('P-256');
  const csr = signingRequest({ subject: `O=${DEMO_ORGANISATION}, CN=${identity}`, key });
  const { signStationCertificate } = await sut.people.operator.request<{
    signStationCertificate: { certificate: { id: string; chain: string } };
  }>(
    `mutation($input: SignStationCertificateInput!) { signStationCertificate(input: $input) { certificate { id chain } } }`,
    { input: { stationId: await stationId(identity), csr } },
  );
  const { id, chain } = signStationCertificate.certificate;
  const keyPem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { id, shown: tls.trusting({ cert: chain, key: keyPem }) };
}

const revoke = (id: string) =>
  sut.people.operator.request(
    `mutation($input: RevokeStationCertificateInput!) { revokeStationCertificate(input: $input) { certificate { state } } }`,
    { input: { id, reason: 'KEY_COMPROMISE' } },
  );

async function shownBy(what: Refused, identity: string): Promise<ConnectionOptions> {
  switch (what) {
    case 'EXPIRED':
      return tls.showing(identity, 'us', { from: -10, to: -1 });
    case 'WRONG-NAME':
      return tls.showing('CERT-SOMEBODY-ELSE');
    case 'FOREIGN':
      return tls.showing(identity, 'strangers');
    case 'REVOKED': {
      const { id, shown } = await signed(identity);
      await revoke(id);
      return shown;
    }
  }
}

interface OnRecord {
  readonly securityEvents: { edges: { node: { kind: string; critical: boolean; techInfo: string } }[] };
  readonly connectionAttempts: { edges: { node: { outcome: string; reason: string; httpStatus: number } }[] };
}
const ON_RECORD = `query($id: ID!) { station(id: $id) {
  securityEvents(first: 5) { edges { node { kind critical techInfo } } }
  connectionAttempts(first: 5) { edges { node { outcome reason httpStatus } } } } }`;

it.each([
  ['EXPIRED', 'client_certificate_expired', 'EXPIRED'],
  ['WRONG-NAME', 'client_certificate_wrong_name', 'WRONG_NAME'],
  ['REVOKED', 'client_certificate_revoked', 'REVOKED'],
  ['FOREIGN', 'client_certificate_untrusted', 'UNTRUSTED'],
] as const)(
  'a certificate that is %s is refused, and is in the connection log and in the security log of the station',
  async (what, reason, told) => {
    const identity = `CERT-${what}`;
    const entrance = await ScriptedStation.knock(door(identity, await shownBy(what, identity)));
    expect(entrance).toEqual({ kind: 'refused', status: 403 });
    const id = await stationId(identity);
    const record = await waitFor('both records', async () => {
      const { station } = await sut.people.operator.request<{ station: OnRecord }>(ON_RECORD, { id });
      const { securityEvents, connectionAttempts } = station;
      return securityEvents.edges.length > 0 && connectionAttempts.edges.length > 0 ? station : undefined;
    });
    expect(record.connectionAttempts.edges.map(({ node }) => node)).toEqual([
      { outcome: 'REFUSED', reason, httpStatus: 403 },
    ]);
    expect(record.securityEvents.edges.map(({ node }) => node)).toEqual([
      {
        kind: 'InvalidChargingStationCertificate',
        critical: true,
        techInfo: expect.stringContaining(told) as string,
      },
    ]);
  },
);

it('revoking the certificate of a connected station ends its connection, and keeps it out', async () => {
  const { id, shown } = await signed('CERT-LIVE');
  const station = await ScriptedStation.connect(door('CERT-LIVE', shown));
  await station.call('Heartbeat', {});
  await revoke(id);
  expect(await station.end()).toEqual({ code: 1008, reason: 'credentials revoked' });
  expect(await ScriptedStation.knock(door('CERT-LIVE', shown))).toEqual({ kind: 'refused', status: 403 });
  // Nothing is left to do, and saying it again does nothing.
  await revoke(id);
});

it('revoking the former certificate leaves the connection that came with the newer one', async () => {
  const [former, newer] = [await signed('CERT-RENEWED'), await signed('CERT-RENEWED')];
  const station = await ScriptedStation.connect(door('CERT-RENEWED', newer.shown));
  await revoke(former.id);
  // The order was given for one that was revoked later: the former's has been carried out by then.
  const { id, shown } = await signed('CERT-LIVE');
  const other = await ScriptedStation.connect(door('CERT-LIVE', shown));
  await revoke(id);
  await other.end();
  expect(station.closed).toBeUndefined();
  await station.call('Heartbeat', {});
  await station.close();
});
