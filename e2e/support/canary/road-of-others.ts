import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { loopbackServer, signingRequest, type LoopbackServer } from '@kilowatch/testing/pki';
import { TestCa } from '@kilowatch/testing/test-pki';
import { importStations } from '@kilowatch/tools/seed/seed-demo';
import type { GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { ScriptedStation } from '@kilowatch/tools/conformance/scripted-station';
import { DEMO_ORGANISATION } from '@kilowatch/tools/system/demo-organisation';
import { DEMO_TENANT } from '@kilowatch/tools/system/system-options';
import { waitFor } from '@kilowatch/testing';
import type { Canaries } from './canaries.js';
import { canarySignedIn, SIGNED_IN, type SignInAnswer } from './sign-in-answer.js';
import type { TellingApi } from './telling-api.js';

const CLIENT = 'kilowatch';
const MUTATION = (field: string, type: string, fields: string) =>
  `mutation($input: ${type}!) { ${field}(input: $input) { ${fields} } }`;

/**
 * Those whom we show secrets: an identity provider, a contract pool, an authority that speaks EST. What they are told they say back in
 * their errors, as some do.
 */
export class Others {
  /** How often each was shown what is secret. */
  readonly shown = { provider: 0, pool: 0, est: 0 };
  private nonce = '';
  private readonly key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private web!: LoopbackServer;
  private est!: HttpsServer;
  private serverCa!: TestCa;
  private client!: { cert: string; key: string };
  private readonly providerSecret: string;
  private readonly poolSecret: string;
  private readonly estPassword: string;
  private readonly goodCode: string;

  private constructor(private readonly canaries: Canaries) {
    this.providerSecret = canaries.token('client secret at the identity provider');
    this.poolSecret = canaries.token('client secret at the contract pool');
    this.estPassword = canaries.password('password at the EST authority');
    this.goodCode = canaries.token('authorization code of the identity provider');
  }

  static async start(canaries: Canaries): Promise<Others> {
    const others = new Others(canaries);
    others.web = await loopbackServer((request, body, response) => {
      const { status, content } = others.answer(request, body.toString());
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    });
    await others.startEst();
    return others;
  }

  get authEnv(): Record<string, string> {
    const { url } = this.web;
    const provider = {
      tenant: DEMO_TENANT,
      id: 'corp',
      name: 'Corp',
      issuer: `${url}/oidc`,
      clientId: CLIENT,
    };
    const pool = {
      kind: 'OPCP',
      tenant: DEMO_TENANT,
      baseUrl: url,
      tokenUrl: `${url}/token`,
      clientId: CLIENT,
    };
    return {
      KW_EGRESS_ALLOW: '127.0.0.1',
      KW_OIDC_PROVIDERS: JSON.stringify([
        { ...provider, clientSecret: this.providerSecret, defaultRole: 'driver' },
      ]),
      KW_CONTRACT_POOLS: JSON.stringify([{ ...pool, clientSecret: this.poolSecret }]),
      KW_STATION_CERTIFICATES: JSON.stringify({ '*': { organisation: DEMO_ORGANISATION, issuer: 'EST' } }),
      KW_EST_URL: `https://127.0.0.1:${(this.est.address() as AddressInfo).port}/.well-known/est`,
      KW_EST_CA: this.serverCa.pem,
      KW_EST_CLIENT_CERT: this.client.cert,
      KW_EST_CLIENT_KEY: this.client.key,
      KW_EST_PASSWORD: `${CLIENT}:${this.estPassword}`,
    };
  }

  async close(): Promise<void> {
    this.est.closeAllConnections();
    this.est.close();
    await this.web.close();
  }

  /** Rightly, with a code that nobody gave, twice, and in the wrong place. */
  async signInWithProvider(api: TellingApi): Promise<void> {
    const start = async () => {
      const query = MUTATION('startProviderSignIn', 'StartProviderSignInInput', 'url flow');
      const { startProviderSignIn } = await api.need<{ startProviderSignIn: { url: string; flow: string } }>(
        query,
        { input: { providerId: 'corp' } },
      );
      const { url, flow } = startProviderSignIn;
      this.canaries.learn('flow of a sign-in with a provider', flow);
      const asked = new URL(url).searchParams;
      this.nonce = asked.get('nonce') ?? '';
      return { flow, state: asked.get('state') ?? '' };
    };
    const finish = async (flow: unknown, code: string, state: string) => {
      const callback = `?code=${encodeURIComponent(code)}&state=${state}&iss=${encodeURIComponent(`${this.web.url}/oidc`)}`;
      const { data } = await api.ask<{ finishProviderSignIn: SignInAnswer }>(
        MUTATION('finishProviderSignIn', 'FinishProviderSignInInput', SIGNED_IN),
        { input: { flow, callback } },
      );
      return canarySignedIn(this.canaries, 'person of a provider', data?.finishProviderSignIn);
    };
    const wrong = this.canaries.token('authorization code that nobody gave');
    const first = await start();
    await finish(first.flow, wrong, first.state);
    const second = await start();
    if (!(await finish(second.flow, this.goodCode, second.state)))
      throw new Error('the sign-in with a provider was refused');
    await finish(second.flow, this.goodCode, second.state);
    await finish([second.flow], this.goodCode, second.state);
    await finish((await start()).flow, this.goodCode, 'another');
  }

  /** A car that wants a contract, and a station that wants a certificate: both refused, by those who repeat what they were told. */
  async certify(api: TellingApi, operator: GraphqlClient, admin: string, ocppUrl: string): Promise<void> {
    const identity = 'KW-CANARY-CERTIFIED';
    const password = this.canaries.password('password of a station with certificates');
    const connectors = [{ evseNumber: 1, number: 1, maxCurrentA: 32 }];
    await importStations(operator, [{ identity, password, location: 'Harbour Garage', connectors }]);
    const station = await ScriptedStation.connect({ ocppUrl, identity, password, version: '2.0.1' });
    const exiRequest = randomBytes(24).toString('base64');
    const asked = { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Install', exiRequest };
    await station.call('Get15118EVCertificate', asked);
    await station.close();
    const { stations } = await api.need<{ stations: { edges: { node: { id: string } }[] } }>(
      'query($search: String) { stations(first: 1, filter: { search: $search }) { edges { node { id } } } }',
      { search: identity },
      admin,
    );
    const csr = signingRequest({ subject: `O=${DEMO_ORGANISATION}, CN=${identity}` });
    await api.ask(
      MUTATION('signStationCertificate', 'SignStationCertificateInput', 'certificate { id }'),
      { input: { stationId: stations.edges[0]!.node.id, csr } },
      admin,
    );
    await waitFor('all of them asked', () => Object.values(this.shown).every((times) => times > 0), {
      timeoutMs: 30_000,
    });
  }

  private async startEst(): Promise<void> {
    const [serverCa, clients] = await Promise.all([TestCa.make('EST server'), TestCa.make('EST clients')]);
    this.serverCa = serverCa;
    this.client = await clients.issue({ name: CLIENT });
    this.canaries.pem('private key for the EST authority', this.client.key);
    const server = await serverCa.issue({ name: 'est', usage: 'server' });
    this.est = createHttps(
      { ...server, ca: clients.pem, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        const said = request.headers.authorization ?? '';
        if (said !== '') this.shown.est += 1;
        response.writeHead(500, { 'content-type': 'text/plain', warning: `199 - "${said}"` });
        response.end(`You said ${said}`);
      },
    );
    await new Promise<void>((resolve) => this.est.listen(0, '127.0.0.1', resolve));
  }

  private answer(request: IncomingMessage, body: string): { status: number; content: unknown } {
    const issuer = `${this.web.url}/oidc`;
    const said = `${request.headers.authorization ?? ''} ${body}`;
    switch (request.url) {
      case '/oidc/.well-known/openid-configuration':
        return { status: 200, content: discovery(issuer) };
      case '/oidc/jwks': {
        const jwk = this.key.publicKey.export({ format: 'jwk' });
        return { status: 200, content: { keys: [{ ...jwk, kid: 'k', alg: 'RS256', use: 'sig' }] } };
      }
      case '/oidc/token':
        this.shown.provider += 1;
        return new URLSearchParams(body).get('code') === this.goodCode
          ? { status: 200, content: this.tokens(issuer) }
          : { status: 400, content: { error: 'invalid_grant', error_description: `You said ${said}` } };
      case '/token':
        this.shown.pool += 1;
        return {
          status: 200,
          content: {
            access_token: this.canaries.token('access token of the contract pool'),
            token_type: 'Bearer',
            expires_in: 60,
          },
        };
      default:
        return { status: 500, content: { error: `You said ${said}` } };
    }
  }

  private tokens(issuer: string): object {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: issuer, sub: 'anna', aud: CLIENT, iat: now, exp: now + 300, nonce: this.nonce };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', kid: 'k', typ: 'JWT' })}.${part(claims)}`;
    const signature = createSign('RSA-SHA256').update(text).sign(this.key.privateKey).toString('base64url');
    return {
      id_token: this.canaries.jwt('id token of the identity provider', `${text}.${signature}`),
      access_token: this.canaries.token('access token of the identity provider'),
      refresh_token: this.canaries.token('refresh token of the identity provider'),
      token_type: 'Bearer',
    };
  }
}

function discovery(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}
