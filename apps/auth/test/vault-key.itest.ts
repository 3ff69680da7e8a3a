// Real: HTTPS on loopback, the signatures, the whole service in front of it. Played: Vault's Transit engine, as its API is documented.
import { createVerify, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Secret } from '@kilowatch/kernel';
import { EgressPolicy } from '@kilowatch/platform';
import { newKey, signingRequest, TestCertificate, type TestKey } from '@kilowatch/testing/pki';
import { TestCa } from '@kilowatch/testing/test-pki';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VaultKey, type VaultOptions } from '../src/usecases/authority/vault-key.js';
import { AuthRig, operator } from './auth-rig.js';
import { PlayedCommands } from './played-commands.js';
import { StationPlay } from './station-play.js';

const TOKEN = 'hvs.canary-of-the-vault';
const ORGANISATION = 'Kilowatch Demo';

/** `POST /v1/transit/sign/NAME/HASH` with a token and a namespace. */
class PlayedVault {
  readonly keys = new Map<string, TestKey>();
  readonly asked: { path: string; namespace: string | undefined; body: Record<string, unknown> }[] = [];
  /** In place of an answer. */
  answers: { status: number; body: string } | undefined;

  private constructor(private readonly server: Server) {}

  static async start(identity: { cert: string; key: string }): Promise<PlayedVault> {
    const server = createServer(identity);
    const vault = new PlayedVault(server);
    server.on('request', (request, response) => void vault.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return vault;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1/transit`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const say = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (this.answers) return void response.writeHead(this.answers.status).end(this.answers.body);
    if (request.headers['x-vault-token'] !== TOKEN) return void say(403, { errors: ['permission denied'] });
    const [, name, hash] =
      /^\/v1\/transit\/sign\/([^/]+)\/(sha2-256|sha2-384)$/.exec(request.url ?? '') ?? [];
    const key = this.keys.get(name ?? '');
    if (request.method !== 'POST' || !key) return void say(400, { errors: ['signing key not found'] });
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const namespace = request.headers['x-vault-namespace'] as string | undefined;
    this.asked.push({ path: request.url!, namespace, body });
    const input = Buffer.from(String(body['input']), 'base64');
    const signature = sign(hash!.replace('sha2-', 'sha'), input, key.privateKey).toString('base64');
    say(200, { data: { signature: `vault:v1:${signature}`, key_version: 1 } });
  }
}

let vault: PlayedVault;
let serverCa: TestCa;
beforeAll(async () => {
  serverCa = await TestCa.make('Vault server CA');
  vault = await PlayedVault.start(await serverCa.issue({ name: 'vault', usage: 'server' }));
});
afterEach(() => {
  vault.answers = undefined;
  vault.asked.length = 0;
});
afterAll(() => vault.close());

const rootOf = (key: TestKey) => TestCertificate.root({ subject: 'CN=Station CA, O=Kilowatch', key });
function keyIn(name: string, key: TestKey, over: Partial<VaultOptions> = {}): VaultKey {
  vault.keys.set(name, key);
  return new VaultKey({
    url: vault.url,
    keyName: name,
    token: new Secret(TOKEN),
    namespace: '',
    serverCa: serverCa.pem,
    chain: rootOf(key).pem,
    egress: new EgressPolicy(['127.0.0.0/8']),
    ...over,
  });
}
const bytes = Buffer.from('to be signed');

describe('a key in a vault', () => {
  it.each([
    ['P-256', 'ECDSA_SHA256', 'sha256', 'sign/ca-P-256/sha2-256', { marshaling_algorithm: 'asn1' }],
    ['P-384', 'ECDSA_SHA384', 'sha384', 'sign/ca-P-384/sha2-384', { marshaling_algorithm: 'asn1' }],
    ['RSA-3072', 'RSA_SHA256', 'sha256', 'sign/ca-RSA-3072/sha2-256', { signature_algorithm: 'pkcs1v15' }],
  ] as const)('signs with %s as X.509 wants it', async (kind, algorithm, hash, path, asked) => {
    const key = newKey(kind);
    const ca = keyIn(`ca-${kind}`, key, { namespace: 'charging' });
    expect(ca.algorithm).toBe(algorithm);
    const signature = await ca.sign(bytes);
    expect(createVerify(hash).update(bytes).verify(key.publicKey, signature)).toBe(true);
    expect(vault.asked).toEqual([
      {
        path: `/v1/transit/${path}`,
        namespace: 'charging',
        body: { input: bytes.toString('base64'), ...asked },
      },
    ]);
  });

  it('of which another one signs (it was rotated there) gives nothing', async () => {
    const ca = keyIn('rotated', newKey('P-256'));
    vault.keys.set('rotated', newKey('P-256'));
    await expect(ca.sign(bytes)).rejects.toMatchObject({ kind: 'INTERNAL', code: 'AUTH_CA_KEY_FOREIGN' });
  });

  it.each([
    ['is sealed', 503, '{}', 'UNAVAILABLE', 'AUTH_CA_KEY_AWAY'],
    ['is a standby that is behind', 473, '{}', 'UNAVAILABLE', 'AUTH_CA_KEY_AWAY'],
    ['has too much to do', 429, '{}', 'UNAVAILABLE', 'AUTH_CA_KEY_AWAY'],
    ['does not let us', 403, '{"errors":["permission denied"]}', 'INTERNAL', 'AUTH_CA_KEY_REFUSED'],
    ['says nothing', 200, '{"data":{}}', 'INTERNAL', 'AUTH_CA_KEY_ANSWER'],
    ['is no vault', 200, '<html>', 'INTERNAL', 'AUTH_CA_KEY_ANSWER'],
    ['sends us elsewhere', 307, '', 'PRECONDITION', 'EGRESS_REDIRECT'],
  ])('that %s is said so, without what opens it', async (_, status, body, kind, code) => {
    const ca = keyIn('away', newKey('P-256'));
    vault.answers = { status, body };
    const error: unknown = await ca.sign(bytes).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind, code });
    expect(JSON.stringify(error)).not.toContain(TOKEN);
  });

  it('is asked only over TLS that the configured CA vouches for, and not through a closed egress', async () => {
    const key = newKey('P-256');
    const foreign = await TestCa.make('somebody else');
    await expect(keyIn('tls', key, { serverCa: foreign.pem }).sign(bytes)).rejects.toMatchObject({
      kind: 'UNAVAILABLE',
    });
    await expect(keyIn('tls', key, { egress: new EgressPolicy() }).sign(bytes)).rejects.toThrow();
    expect(() => keyIn('tls', key, { url: 'http://127.0.0.1:1/v1/transit' })).toThrow('https');
    expect(() => keyIn('tls', newKey('RSA-2048'))).toThrow('3072');
    expect(vault.asked).toEqual([]);
  });
});

describe('the built-in authority with its key in a vault', () => {
  it('signs certificates of stations and its list of the revoked', async () => {
    const [key, commands] = [newKey('P-256'), await PlayedCommands.start()];
    vault.keys.set('stations', key);
    const root = rootOf(key);
    const app = await AuthRig.start({
      ...commands.env,
      KW_STATION_CERTIFICATES: JSON.stringify({ '*': { organisation: ORGANISATION } }),
      KW_STATION_CA_CERT: root.pem,
      KW_STATION_CA_VAULT_URL: vault.url,
      KW_STATION_CA_VAULT_KEY: 'stations',
      KW_STATION_CA_VAULT_TOKEN: TOKEN,
      KW_STATION_CA_VAULT_CA: serverCa.pem,
      KW_EGRESS_ALLOW: '127.0.0.0/8',
    });
    try {
      const stationId = await new StationPlay(app).provision('CS-VAULT', 1, 'station-password-1');
      const csr = signingRequest({ key: newKey('P-256'), subject: `CN=CS-VAULT, O=${ORGANISATION}` });
      const { data, errors } = await app.rig.graphql<{
        signStationCertificate: { certificate: { chain: string } };
      }>(
        operator,
        'mutation($input: SignStationCertificateInput!) { signStationCertificate(input: $input) { certificate { chain } } }',
        { input: { stationId, csr, type: 'ChargingStationCertificate' } },
      );
      expect(errors).toEqual([]);
      const leaf = new X509Certificate(data!.signStationCertificate.certificate.chain);
      expect(leaf.subject).toContain('CN=CS-VAULT');
      expect(leaf.verify(key.publicKey)).toBe(true);
      const crl = await fetch(`http://127.0.0.1:${app.rig.running.httpPort}/station-ca.crl`);
      expect(crl.status).toBe(200);
      expect(vault.asked.length).toBeGreaterThanOrEqual(2);
    } finally {
      await app.close();
      await commands.close();
    }
  });

  it.each([
    ['two keys', { KW_STATION_CA_KEY: 'x' }, 'set one of them'],
    ['no certificate', { KW_STATION_CA_CERT: '' }, 'both or none'],
    ['no name of a key', { KW_STATION_CA_VAULT_KEY: '' }, 'KW_STATION_CA_VAULT_KEY'],
  ])('does not start with %s', async (_, over, text) => {
    const env = {
      KW_STATION_CA_CERT: rootOf(newKey('P-256')).pem,
      KW_STATION_CA_VAULT_URL: vault.url,
      KW_STATION_CA_VAULT_KEY: 'stations',
      KW_STATION_CA_VAULT_TOKEN: TOKEN,
    };
    await expect(AuthRig.start({ ...env, ...over })).rejects.toThrow(text);
  });
});
