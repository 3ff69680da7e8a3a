// Real: TLS sockets, certificates of a small PKI, Postgres, NATS. Played over real gRPC: auth.
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { LOGGER, type Logger } from '@kilowatch/platform';
import { waitFor } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { PortKind } from '../src/transport/ws/charger-port.js';
import { GatewayRig } from './gateway-rig.js';
import type { KnownStation } from './peers.js';
import { selfSigned, TestCa, type Pair } from '@kilowatch/testing/test-pki';

type Station = KnownStation & { identity: string };
interface Attempt {
  readonly outcome: string;
  readonly reason: string;
  readonly http_status: number;
  readonly tls: string;
  readonly security_profile: number | null;
}

const PASSWORD = 'right-password-0123456789';
const folder = mkdtempSync(join(tmpdir(), 'kw-tls-'));
const open: WebSocket[] = [];
let serverCa: TestCa;
let stationCa: TestCa;
let rig: GatewayRig;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** As a renewal does: two writes, one after the other. */
function install(name: string, { cert, key }: Pair): void {
  file(`${name}.crt`, cert);
  file(`${name}.key`, key);
}

beforeAll(async () => {
  [serverCa, stationCa] = await Promise.all([TestCa.make('Server CA'), TestCa.make('Station CA')]);
  install('ec', await serverCa.issue({ name: 'first', usage: 'server', to: 20 }));
  install('rsa', await serverCa.issue({ name: 'rsa', usage: 'server', rsa: true }));
  rig = await GatewayRig.start({
    KW_OCPP_TLS_PORT: '0',
    KW_OCPP_MTLS_PORT: '0',
    KW_OCPP_LEGACY_TLS_PORT: '0',
    KW_OCPP_TLS_CERT_FILE: join(folder, 'ec.crt'),
    KW_OCPP_TLS_KEY_FILE: join(folder, 'ec.key'),
    KW_OCPP_TLS_RSA_CERT_FILE: join(folder, 'rsa.crt'),
    KW_OCPP_TLS_RSA_KEY_FILE: join(folder, 'rsa.key'),
    KW_OCPP_TLS_ROOT: 'CN=Server CA',
    KW_OCPP_STATION_CA_FILE: file('stations.crt', stationCa.pem),
    KW_OCPP_TLS_RELOAD_SECONDS: '1',
    KW_OCPP_TLS_HANDSHAKE_SECONDS: '1',
    KW_OCPP_MAX_SOCKETS_PER_IP: '25',
    KW_OCPP_FORWARDED_HOPS: '1',
  });
});
afterAll(() => rig.close());
afterEach(() => {
  rig.peers.reset();
  for (const ws of open.splice(0)) ws.terminate();
});

interface Knock {
  readonly port?: PortKind;
  readonly password?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly tls?: ConnectionOptions;
}

/** Rejects with the HTTP status when it is refused, with the TLS error when TLS fails. */
async function connect(
  { identity }: Station,
  { port = 'tls', password, headers, tls }: Knock = {},
): Promise<WebSocket> {
  const bytes =
    password === undefined ? undefined : Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(password)]);
  const ws = new WebSocket(`wss://127.0.0.1:${rig.gateway.portOf(port)}/ocpp/${identity}`, ['ocpp1.6'], {
    ca: serverCa.pem,
    headers: { ...headers, ...(bytes ? { Authorization: `Basic ${bytes.toString('base64')}` } : {}) },
    ...tls,
  });
  open.push(ws);
  await once(ws, 'open');
  return ws;
}

async function heartbeat(ws: WebSocket): Promise<string> {
  ws.send('[2,"h","Heartbeat",{}]');
  const [data] = (await once(ws, 'message')) as [Buffer];
  return data.toString();
}

async function attemptOf(identity: string): Promise<Attempt> {
  const sql =
    'SELECT outcome, reason, http_status, tls, security_profile FROM connection_attempt WHERE identity = $1';
  return waitFor('the connection log', async () => (await rig.rig.sql<Attempt>(sql, [identity]))[0]);
}

/** The certificate the port serves to who connects now. */
async function served(options: ConnectionOptions = {}): Promise<PeerCertificate> {
  const socket = connectTls({
    port: rig.gateway.portOf('tls'),
    host: '127.0.0.1',
    ca: serverCa.pem,
    ...options,
  });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}

const v12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const v13 = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const;
const v11 = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

describe('a charger over our TLS', () => {
  it.each([
    ['TLSv1.3 TLS_AES_128_GCM_SHA256', { ...v13, ciphers: 'TLS_AES_128_GCM_SHA256' }],
    ['TLSv1.3 TLS_AES_256_GCM_SHA384', { ...v13, ciphers: 'TLS_AES_256_GCM_SHA384' }],
    ['TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', { ...v12, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }],
    ['TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', { ...v12, ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }],
    ['TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', { ...v12, ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }],
    ['TLSv1.2 TLS_RSA_WITH_AES_128_GCM_SHA256', { ...v12, ciphers: 'AES128-GCM-SHA256' }],
    ['TLSv1.2 TLS_RSA_WITH_AES_256_GCM_SHA384', { ...v12, ciphers: 'AES256-GCM-SHA384' }],
  ])('is served with %s, as profile 2', async (text, tls) => {
    const station = rig.provision({ password: PASSWORD, securityProfile: 2 });
    const ws = await connect(station, { password: PASSWORD, tls });
    expect(await heartbeat(ws)).toContain('currentTime');
    expect(await attemptOf(station.identity)).toEqual({
      outcome: 'ACCEPTED',
      reason: '',
      http_status: 101,
      tls: text,
      security_profile: 2,
    });
    expect(rig.peers.verify.last).toMatchObject({ securityProfile: 2, certificate: undefined });
  });

  it('is asked for its password, and refused with a wrong one', async () => {
    const station = rig.provision({ password: PASSWORD, securityProfile: 2 });
    await expect(connect(station)).rejects.toThrow('401');
    await expect(connect(station, { password: 'wrong-password-0123456789' })).rejects.toThrow('401');
  });

  it('may have a password of any bytes (1.6 AuthorizationKey)', async () => {
    const bytes = Buffer.from('ff00c3283a80fe0a0d1122334455667788990001', 'hex');
    const station = rig.provision({ password: bytes.toString('latin1'), securityProfile: 2 });
    await connect(station, { password: bytes });
    expect(Buffer.from(rig.peers.verify.last!.password)).toEqual(bytes);
    await expect(connect(station, { password: Buffer.from(bytes.toString('utf8')) })).rejects.toThrow('401');
  });

  it('is counted by its own address, whatever forwarded address it claims', async () => {
    const station = rig.provision({ password: PASSWORD });
    await connect(station, { password: PASSWORD, headers: { 'X-Forwarded-For': '198.51.100.7' } });
    expect(rig.peers.verify.last?.remoteIp).toBe('127.0.0.1');
  });

  it('does not get in without TLS once it is provisioned for it, and the attempt is audited', async () => {
    const station = rig.provision({ password: PASSWORD, securityProfile: 2 });
    const warn = vi.spyOn(rig.rig.running.get<Logger>(LOGGER), 'warn');
    await expect(rig.connect(station)).rejects.toThrow('403');
    expect(await attemptOf(station.identity)).toMatchObject({ reason: 'profile_mismatch', tls: '' });
    expect(auditsOf(warn, station)).toEqual(['profile_mismatch']);
  });

  it('that knows TLS 1.1 only is refused, and the operator is told why', async () => {
    await expect(connect(rig.provision(), { tls: v11 })).rejects.toThrow(/protocol|version/i);
    await waitFor('the connection log', async () => {
      const rows = await rig.rig.sql(
        "SELECT 1 FROM connection_attempt WHERE reason = 'tls_version' AND remote_ip = '127.0.0.1'",
      );
      return rows.length > 0;
    });
  });

  it('Q7: that knows TLS 1.1 only is served on the port for such, and never as profile 2', async () => {
    const old = rig.provision({ password: PASSWORD, securityProfile: 1 });
    const ws = await connect(old, { port: 'legacy_tls', password: PASSWORD, tls: v11 });
    expect(await heartbeat(ws)).toContain('currentTime');
    expect(await attemptOf(old.identity)).toMatchObject({
      tls: expect.stringMatching(/^TLSv1\.1 TLS_/),
      security_profile: 1,
    });
    const modern = rig.provision({ password: PASSWORD, securityProfile: 2 });
    await expect(connect(modern, { port: 'legacy_tls', password: PASSWORD, tls: v12 })).rejects.toThrow(
      '403',
    );
  });

  it.each([
    ['tls_suites', 'shares no suite', { ...v12, ciphers: 'AES128-SHA' }],
    ['tls_missing', 'speaks plain HTTP', undefined],
  ])('is named in the connection log as %s when it %s', async (reason, _what, tls) => {
    if (tls) await expect(connect(rig.provision(), { tls })).rejects.toThrow();
    else await expect(fetch(`http://127.0.0.1:${rig.gateway.portOf('tls')}/`)).rejects.toThrow();
    await waitFor('the connection log', async () => {
      const rows = await rig.rig.sql('SELECT 1 FROM connection_attempt WHERE reason = $1', [reason]);
      return rows.length > 0;
    });
  });

  it('cannot negotiate again', async () => {
    const socket = connectTls({
      port: rig.gateway.portOf('tls'),
      host: '127.0.0.1',
      ca: serverCa.pem,
      ...v12,
    });
    await once(socket, 'secureConnect');
    const closed = new Promise((resolve) => socket.resume().on('close', resolve));
    const error = new Promise<Error>((resolve) => socket.on('error', resolve));
    socket.renegotiate({}, () => undefined);
    expect(await error).toMatchObject({ code: 'ERR_SSL_NO_RENEGOTIATION' });
    await closed;
  });
});

const auditsOf = (warn: { mock: { calls: unknown[][] } }, { identity }: Station) =>
  warn.mock.calls
    .map(([fields]) => fields as { audit?: string; identity?: string; reason?: string })
    .filter((fields) => fields.audit === 'station_refused' && fields.identity === identity)
    .map(({ reason }) => reason);

const chainsWarnedOf = (warn: { mock: { calls: unknown[][] } }) =>
  warn.mock.calls.flatMap(([fields]) => {
    const { problems } = fields as { problems?: unknown };
    return problems === undefined ? [] : [problems];
  });

describe('a charger with a certificate', () => {
  const over = (tls: ConnectionOptions, more: Knock = {}): Knock => ({ port: 'mtls', tls, ...more });

  it.each([
    ['EC over TLS 1.3', false, v13],
    ['RSA over TLS 1.3', true, v13],
    ['EC over TLS 1.2', false, v12],
    ['RSA over TLS 1.2', true, v12],
  ])('is served without a password, as profile 3: %s', async (_what, rsa, versions) => {
    const station = rig.provision({ securityProfile: 3 });
    const pair = await stationCa.issue({ name: station.identity, rsa });
    expect(await heartbeat(await connect(station, over({ ...pair, ...versions })))).toContain('currentTime');
    expect(await attemptOf(station.identity)).toMatchObject({ outcome: 'ACCEPTED', security_profile: 3 });
    const { certificate } = rig.peers.verify.last!;
    expect(certificate).toMatchObject({ commonName: station.identity, verified: true });
    expect(certificate!.der.length).toBeGreaterThan(200);
  });

  const bad: readonly (readonly [string, string, (identity: string) => Promise<Partial<Pair>>])[] = [
    ['none', 'client_certificate_missing', async () => ({})],
    [
      'one of a foreign CA',
      'client_certificate_untrusted',
      async (name) => (await TestCa.make('Else')).issue({ name }),
    ],
    [
      'one of a foreign CA with the name of ours',
      'client_certificate_untrusted',
      async (name) => (await TestCa.make('Station CA')).issue({ name }),
    ],
    ['one it signed itself', 'client_certificate_untrusted', (name) => selfSigned(name)],
    ['one for servers', 'client_certificate_untrusted', (name) => stationCa.issue({ name, usage: 'server' })],
    [
      'one that is not valid yet',
      'client_certificate_untrusted',
      (name) => stationCa.issue({ name, from: 2 }),
    ],
    [
      'one that has expired',
      'client_certificate_expired',
      (name) => stationCa.issue({ name, from: -10, to: -1 }),
    ],
    ['one of another station', 'client_certificate_wrong_name', () => stationCa.issue({ name: 'CP-OTHER' })],
    [
      'one with two names',
      'client_certificate_wrong_name',
      (name) => stationCa.issue({ name: `CN=CP-OTHER,CN=${name}` }),
    ],
  ];

  it.each(bad)('is refused when it shows %s: %s, with one line in the audit', async (_what, reason, make) => {
    const station = rig.provision({ securityProfile: 3 });
    const warn = vi.spyOn(rig.rig.running.get<Logger>(LOGGER), 'warn');
    const pair = await make(station.identity);
    await expect(connect(station, over(pair, { password: PASSWORD }))).rejects.toThrow('403');
    expect(await attemptOf(station.identity)).toMatchObject({
      outcome: 'REFUSED',
      reason,
      http_status: 403,
      tls: expect.stringMatching(/^TLSv1\.3 TLS_/),
    });
    expect(auditsOf(warn, station)).toEqual([reason]);
    expect(rig.gateway.socketOf('demo', station.stationId)).toBeUndefined();
  });

  it('is not asked for where passwords are, and a password alone is no way in', async () => {
    const station = rig.provision({ securityProfile: 3, password: PASSWORD });
    const pair = await stationCa.issue({ name: station.identity });
    await expect(connect(station, { password: PASSWORD, tls: pair })).rejects.toThrow('403');
    await expect(rig.connect(station)).rejects.toThrow('403');
    expect(rig.peers.verify.requests.map(({ securityProfile }) => securityProfile)).toEqual([2, 1]);
  });

  it.each([
    ['TLS 1.3', v13],
    ['TLS 1.2', v12],
  ])('cannot come in by resuming a session that never showed one, over %s', async (_what, versions) => {
    const { identity } = rig.provision({ securityProfile: 3 });
    const request =
      `GET /ocpp/${identity} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n';
    const ask = async (session?: Buffer) => {
      const sessions: Buffer[] = [];
      const socket = connectTls({
        port: rig.gateway.portOf('mtls'),
        host: '127.0.0.1',
        ca: serverCa.pem,
        ...versions,
        ...(session ? { session } : {}),
      });
      socket.on('session', (given: Buffer) => sessions.push(given));
      socket.on('error', () => undefined);
      await once(socket, 'secureConnect');
      const reused = socket.isSessionReused();
      socket.write(request);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return { reused, status: answer.toString().slice(9, 12), session: sessions.at(-1) };
    };
    const first = await ask();
    expect(first.status).toBe('403');
    expect(await ask(first.session)).toMatchObject({ reused: false, status: '403' });
  });
});

const metrics = async () => (await fetch(`http://127.0.0.1:${rig.rig.running.httpPort}/metrics`)).text();

describe('the TLS ports', () => {
  it('let nobody hold a connection by never finishing the handshake', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const socket = connectTcp(rig.gateway.portOf('tls'), '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        // The first bytes of a ClientHello.
        socket.resume().write(Buffer.from('160301', 'hex'));
        return socket;
      }),
    );
    await waitFor('all to be cut', () => sockets.every(({ destroyed, closed }) => destroyed || closed));
    expect(await metrics()).toMatch(/kw_ocpp_tls_handshakes_total{[^}]*outcome="timeout"[^}]*} 3/);
  });

  it('count the connections of an address together', async () => {
    const tcp = async (kind: PortKind) => {
      const socket = connectTcp(rig.gateway.portOf(kind), '127.0.0.1');
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      return socket;
    };
    const kinds: PortKind[] = ['plain', 'tls', 'mtls', 'legacy_tls'];
    const sockets = await Promise.all(Array.from({ length: 40 }, (_, i) => tcp(kinds[i % 4]!)));
    await waitFor('the surplus to be cut', () => sockets.filter(({ closed }) => closed).length >= 15);
    for (const socket of sockets) socket.destroy();
    const station = rig.provision({ password: PASSWORD });
    await waitFor('room again', () =>
      connect(station, { password: PASSWORD }).then(
        () => true,
        () => false,
      ),
    );
  });

  it('say when their certificates end', async () => {
    const text = await metrics();
    const at = (name: string) =>
      Number(
        new RegExp(
          `kw_ocpp_certificate_expires_timestamp_seconds{[^}]*certificate="${name}"[^}]*} (\\S+)`,
        ).exec(text)?.[1],
      );
    const days = (name: string) => Math.round((at(name) - Date.now() / 1000) / 86_400);
    expect([days('server'), days('server_rsa'), days('station_ca')]).toEqual([20, 365, 3650]);
    expect(text).toMatch(/kw_ocpp_tls_handshakes_total{[^}]*port="legacy_tls"[^}]*} [1-9]/);
  });

  it('take a renewed certificate and CA without dropping anybody, and nothing that does not work', async () => {
    const station = rig.provision({ password: PASSWORD, securityProfile: 2 });
    const ws = await connect(station, { password: PASSWORD });
    const log = rig.rig.running.get<Logger>(LOGGER);
    const [error, warn] = [vi.spyOn(log, 'error'), vi.spyOn(log, 'warn')];
    const second = await serverCa.issue({ name: 'second', usage: 'server' });
    // Half of a renewal: the key does not fit.
    file('ec.crt', second.cert);
    await waitFor('the misfit to be noticed', () => error.mock.calls.length > 0);
    expect((await served()).subject.CN).toBe('first');
    const newCa = await TestCa.make('New station CA');
    file('stations.crt', `${stationCa.pem}\n${newCa.pem}`);
    file('ec.key', second.key);
    await waitFor('the new certificate', async () => (await served()).subject.CN === 'second');
    expect((await served({ ...v12, ciphers: 'AES128-GCM-SHA256' })).subject.CN).toBe('rsa');
    expect(await heartbeat(ws)).toContain('currentTime');
    const fresh = rig.provision({ securityProfile: 3 });
    const pair = await newCa.issue({ name: fresh.identity });
    await connect(fresh, { port: 'mtls', tls: pair });
    const stranger = rig.provision({ securityProfile: 3 });
    await expect(connect(stranger, { port: 'mtls' })).rejects.toThrow('403');
    expect(chainsWarnedOf(warn)).toEqual([]);
  });

  it('Q7: take a certificate below another root than stations hold, and say so', async () => {
    const warn = vi.spyOn(rig.rig.running.get<Logger>(LOGGER), 'warn');
    install('ec', await (await TestCa.make('Another CA')).issue({ name: 'third', usage: 'server' }));
    const root = { kind: 'ROOT_CHANGED', root: 'CN=Another CA' };
    await waitFor('the warning', () => chainsWarnedOf(warn).length > 0);
    expect(chainsWarnedOf(warn)).toEqual([[root]]);
    expect((await served({ rejectUnauthorized: false })).subject.CN).toBe('third');
  });
});

describe('a gateway that could not serve what is configured', () => {
  it('does not start a TLS port without a certificate, nor with a bundle of CAs that holds none', async () => {
    const quiet = { KW_LOG_LEVEL: 'silent', KW_OCPP_MTLS_PORT: '0' };
    await expect(GatewayRig.start(quiet)).rejects.toThrow(/KW_OCPP_TLS_CERT/);
    const { cert, key } = await serverCa.issue({ name: 'x', usage: 'server' });
    const bare = { ...quiet, KW_OCPP_TLS_CERT: cert, KW_OCPP_TLS_KEY: key, KW_OCPP_STATION_CA: 'none' };
    await expect(GatewayRig.start(bare)).rejects.toThrow(/KW_OCPP_STATION_CA/);
  });
});
