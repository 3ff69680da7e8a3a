// A contract pool that speaks OPCP over HTTP with OAuth2, for tests: it knows the contracts it is given and nothing else.
import type { IncomingMessage } from 'node:http';
import { loopbackServer, type LoopbackServer } from './loopback-server.js';

export interface OpcpContract {
  readonly emaid: string;
  readonly exiResponse: string;
}

export class OpcpServer {
  /** Contracts of a car by its request; `null`: the pool is broken. */
  readonly contracts = new Map<string, readonly OpcpContract[] | null>();
  roots: { caCertificate: string; rootType: string; xsdMsgDefNamespace?: string }[] = [];
  /** How long each answer takes. */
  delayMs = 0;
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  private server!: LoopbackServer;
  private issued = 0;
  private valid = '';

  static async start(): Promise<OpcpServer> {
    const pool = new OpcpServer();
    pool.server = await loopbackServer((request, body, response) => {
      pool.asked.push(request.url ?? '');
      const [status, content] = pool.judged(request, body.toString('utf8'));
      const answer = () =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
      if (pool.delayMs === 0) answer();
      else setTimeout(answer, pool.delayMs).unref();
    });
    return pool;
  }

  /** As KW_CONTRACT_POOLS has it. */
  settingsFor(tenant: string) {
    const { url } = this.server;
    return {
      kind: 'OPCP',
      tenant,
      baseUrl: url,
      tokenUrl: `${url}/token`,
      clientId: 'kilowatch',
      clientSecret: 'pool secret',
    };
  }

  /** Every token it gave so far no longer counts. */
  forgetTokens(): void {
    this.valid = '';
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private judged(request: IncomingMessage, body: string): [number, unknown] {
    if (request.url === '/token') {
      const form = new URLSearchParams(body);
      if (form.get('client_id') !== 'kilowatch' || form.get('client_secret') !== 'pool secret')
        return [401, { error: 'invalid_client' }];
      this.valid = `token-${++this.issued}`;
      return [200, { access_token: this.valid, token_type: 'Bearer', expires_in: 3600 }];
    }
    if (this.valid === '' || request.headers.authorization !== `Bearer ${this.valid}`)
      return [401, { error: 'invalid_token' }];
    if (request.url === '/v1/root/rootCerts')
      return [200, { RootCertificateCollection: { rootCertificates: this.roots } }];
    const asked = JSON.parse(body) as { certificateInstallationReq: string; xsdMsgDefNamespace: string };
    const found = this.contracts.get(asked.certificateInstallationReq);
    if (found === null) return [503, { error: 'maintenance' }];
    if (!found) return [404, { error: 'no contract' }];
    const emaidContent = found.map(({ emaid, exiResponse }) => ({
      messageDef: { emaid, certificateInstallationRes: exiResponse },
    }));
    return [200, { CCPResponse: { emaidContent }, xsdMsgDefNamespace: asked.xsdMsgDefNamespace }];
  }
}
