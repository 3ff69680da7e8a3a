// Real: a small EST server (RFC 7030) over HTTPS on loopback, which asks for a client certificate; the whole service in front of it.
import 'reflect-metadata';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { X509Certificate as PeculiarCertificate, X509Certificates } from '@peculiar/x509';
import { EgressPolicy } from '@kilowatch/platform';
import { readCertificatesPem, readSigningRequest } from '@kilowatch/trust';
import { waitFor } from '@kilowatch/testing';
import { newKey, signingRequest, TestCertificate } from '@kilowatch/testing/pki';
import { TestCa } from '@kilowatch/testing/test-pki';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EstAuthority, type EstOptions } from '../src/usecases/authority/est-authority.js';
import { AuthRig } from './auth-rig.js';
import { PlayedCommands } from './played-commands.js';
import { StationPlay } from './station-play.js';

const ORGANISATION = 'Kilowatch Demo';

/** simpleenroll and cacerts below `/.well-known/est`, for clients with a certificate of `clients`. */
class EstServer {
  readonly root = TestCertificate.root({ subject: 'CN=EST Root' });
  sub = this.root.issue({ subject: 'CN=EST Sub', ca: true, to: 3650 });
  /** Of the label `cars`. */
  readonly carsRoot = TestCertificate.root({ subject: 'CN=EST Cars Root' });
  readonly asked: string[] = [];
  readonly enrolled: string[] = [];
  /** In place of a certificate. */
  refuses: number | undefined;
  /** Certifies a key of its own. */
  cheats = false;
  /** Signs with an authority that cacerts does not name. */
  strays = false;

  private constructor(private readonly server: Server) {}

  static async start(server: { cert: string; key: string }, clientCa: string): Promise<EstServer> {
    const https = createServer({ ...server, ca: clientCa, requestCert: true, rejectUnauthorized: false });
    const est = new EstServer(https);
    https.on('request', (request, response) => void est.answer(request, response));
    https.listen(0, '127.0.0.1');
    await once(https, 'listening');
    return est;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}/.well-known/est`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(request.socket as TLSSocket).authorized) return void response.writeHead(401).end();
    const path = request.url?.replace('/.well-known/est', '') ?? '';
    this.asked.push(path);
    const cars = path.startsWith('/cars/');
    const operation = cars ? path.slice('/cars'.length) : path;
    if (operation === '/cacerts')
      return this.certificates(response, cars ? [this.carsRoot] : [this.root, this.sub]);
    if (operation !== '/simpleenroll' || request.method !== 'POST') return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    this.enrolled.push(request.headers['content-type'] ?? '');
    if (this.refuses !== undefined)
      return void response.writeHead(this.refuses, { 'retry-after': '1' }).end();
    const { subject, key } = readSigningRequest(Buffer.from(body, 'base64'));
    const own = cars ? this.carsRoot : this.sub;
    const issuer = this.strays ? TestCertificate.root({ subject: 'CN=Stray' }) : own;
    const leaf = issuer.issue({
      subject: `O=${subject.organization}, CN=${subject.commonName}`,
      key: this.cheats ? newKey('P-256') : { kind: 'P-256', publicKey: key.object!, privateKey: key.object! },
      to: 90,
    });
    this.certificates(response, [leaf]);
  }

  /** certs-only PKCS #7, Base64 in lines. */
  private certificates(response: ServerResponse, list: readonly TestCertificate[]): void {
    const all = new X509Certificates(list.map(({ pem }) => new PeculiarCertificate(pem)));
    const pkcs7 = Buffer.from(all.export('raw'))
      .toString('base64')
      .match(/.{1,64}/g)!;
    response.writeHead(200, {
      'content-type': 'application/pkcs7-mime; smime-type=certs-only',
      'content-transfer-encoding': 'base64',
    });
    response.end(pkcs7.join('\r\n'));
  }
}

let est: EstServer;
let serverCa: TestCa;
let client: { cert: string; key: string };
beforeAll(async () => {
  serverCa = await TestCa.make('EST server CA');
  const clients = await TestCa.make('EST clients');
  client = await clients.issue({ name: 'kilowatch' });
  est = await EstServer.start(await serverCa.issue({ name: 'est', usage: 'server' }), clients.pem);
});
afterEach(() => {
  est.refuses = undefined;
  est.cheats = false;
  est.strays = false;
});
afterAll(() => est.close());

const authority = (over: Partial<EstOptions> = {}) =>
  new EstAuthority({
    url: est.url,
    serverCa: serverCa.pem,
    client,
    egress: new EgressPolicy(['127.0.0.0/8']),
    now: () => new Date(),
    ...over,
  });

function order() {
  const csr = signingRequest({ subject: `O=${ORGANISATION}, CN=CS-EST` });
  const { key } = readSigningRequest(csr);
  return {
    tenant: 'demo',
    type: 'ChargingStationCertificate' as const,
    csr,
    publicKey: key.der,
    commonName: 'CS-EST',
    organisation: ORGANISATION,
    estLabel: '',
    notBefore: new Date(),
    notAfter: new Date(Date.now() + 86_400_000),
  };
}

describe('an authority that speaks EST', () => {
  it('signs the request, and its sub-CA travels along while the root does not', async () => {
    const { chain } = await authority().issue(order());
    const certificates = readCertificatesPem(chain);
    expect(certificates.map(({ subject }) => subject.commonName)).toEqual(['CS-EST', 'EST Sub']);
    expect(est.enrolled.at(-1)).toBe('application/pkcs10');
    expect(await authority().roots()).toEqual([est.root.pem]);
  });

  it.each([
    ['that has not decided yet is asked again later', 202, 'UNAVAILABLE'],
    ['that is down is asked again later', 503, 'UNAVAILABLE'],
    ['that says no is not asked again', 400, 'INVALID'],
  ])('%s', async (_what, status, kind) => {
    est.refuses = status;
    await expect(authority().issue(order())).rejects.toMatchObject({ kind });
  });

  it('that certifies another key is not believed', async () => {
    est.cheats = true;
    await expect(authority().issue(order())).rejects.toMatchObject({ code: 'AUTH_EST_ANSWER' });
  });

  it('whose certificate does not lead to the roots it names is not believed', async () => {
    est.strays = true;
    await expect(authority().issue(order())).rejects.toMatchObject({ code: 'AUTH_EST_ANSWER' });
  });

  it('is asked by the label of its type where the tenant names one', async () => {
    const { chain } = await authority().issue({ ...order(), type: 'V2GCertificate', estLabel: 'cars' });
    expect(readCertificatesPem(chain)[0]!.issuer.commonName).toBe('EST Cars Root');
    expect(est.asked.slice(-2).sort()).toEqual(['/cars/cacerts', '/cars/simpleenroll']);
  });

  it('that got another signing certificate is believed as soon as it names it', async () => {
    let now = Date.now();
    const one = authority({ now: () => new Date(now) });
    await one.issue(order());
    est.sub = est.root.issue({ subject: 'CN=EST Sub 2', ca: true, to: 3650 });
    await expect(one.issue(order())).rejects.toMatchObject({ code: 'AUTH_EST_ANSWER' });
    now += 60_000;
    const { chain } = await one.issue(order());
    expect(readCertificatesPem(chain).map(({ subject }) => subject.commonName)).toEqual([
      'CS-EST',
      'EST Sub 2',
    ]);
  });

  it('is shown our certificate, and believed only below its own CA and where egress allows it', async () => {
    const { client: _client, ...bare } = { client };
    await expect(new EstAuthority({ ...options(), ...bare }).issue(order())).rejects.toMatchObject({
      code: 'AUTH_EST_REFUSED',
    });
    const other = await TestCa.make('Another CA');
    await expect(authority({ serverCa: other.pem }).issue(order())).rejects.toMatchObject({
      kind: 'UNAVAILABLE',
    });
    await expect(authority({ egress: new EgressPolicy() }).issue(order())).rejects.toMatchObject({
      code: 'EGRESS_REFUSED',
    });
  });
});

function options(): EstOptions {
  return {
    url: est.url,
    serverCa: serverCa.pem,
    egress: new EgressPolicy(['127.0.0.0/8']),
    now: () => new Date(),
  };
}

describe('a tenant whose policy names EST', () => {
  it('has its stations’ requests signed there; a superseded one is not on our own list', async () => {
    const commands = await PlayedCommands.start();
    const app = await AuthRig.start({
      ...commands.env,
      KW_EGRESS_ALLOW: '127.0.0.0/8',
      KW_STATION_CERTIFICATES: JSON.stringify({ '*': { organisation: ORGANISATION, issuer: 'EST' } }),
      KW_EST_URL: est.url,
      KW_EST_CA: serverCa.pem,
      KW_EST_CLIENT_CERT: client.cert,
      KW_EST_CLIENT_KEY: client.key,
    });
    try {
      const play = new StationPlay(app);
      const stationId = await play.provision('CS-EST', 3, '');
      const chains: string[] = [];
      for (const count of [1, 2]) {
        await play.asks(stationId, signingRequest({ subject: `O=${ORGANISATION}, CN=CS-EST` }));
        const told = () =>
          commands.sentTo(stationId).flatMap(({ certificateSigned }) => certificateSigned?.chain ?? []);
        chains.push(
          await waitFor('the certificate', () => (told().length === count ? told().at(-1) : undefined)),
        );
        await play.connectsWith(stationId, chains.at(-1)!);
      }
      const states = () => app.rig.sql('select state, issued_by from station_certificate order by id');
      await waitFor('the first superseded', async () =>
        JSON.stringify(await states()).includes('SUPERSEDED'),
      );
      expect(await states()).toEqual([
        { state: 'SUPERSEDED', issued_by: 'EST' },
        { state: 'INSTALLED', issued_by: 'EST' },
      ]);
    } finally {
      await app.close();
      await commands.close();
    }
  });
});
