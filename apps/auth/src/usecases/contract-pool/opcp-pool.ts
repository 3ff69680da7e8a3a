import { precondition, toAppError, unavailable } from '@kilowatch/kernel';
import { guardedFetch, type EgressPolicy, type GuardedResponse } from '@kilowatch/platform';
import { z } from 'zod';
import type { PooledContract } from '../../domain/contract-delivery.js';
import type { ContractPool, InstallationRequest, PooledRoot } from './contract-pool.js';

/** The pools of Hubject and others that speak the Open Plug&Charge Protocol. Paths differ by their version. */
export interface OpcpSettings {
  readonly baseUrl: string;
  readonly contractPath: string;
  readonly rootsPath: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: { reveal(): string };
  /** Asked for with the token where the pool wants one. */
  readonly audience?: string | undefined;
  readonly scope?: string | undefined;
}

/** ISO 15118-2 gives a car 5 s for its certificate; the station and we need some of it. For all requests that one question takes. */
const TIMEOUT_MS = 4_000;
const MAX_BYTES = 512 * 1024;
/** A token is not used in its last seconds: the request takes time, too. */
const TOKEN_MARGIN_MS = 30_000;

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().default(60) });
const content = z.object({ certificateInstallationRes: z.string().min(1), emaid: z.string().default('') });
const contractAnswer = z.union([
  z.object({ CCPResponse: z.object({ emaidContent: z.array(z.object({ messageDef: content })) }) }),
  z.object({ emaidContent: z.array(content) }),
]);
const root = z.object({
  caCertificate: z.string().min(1),
  rootType: z.string(),
  xsdMsgDefNamespace: z.string().default(''),
});
const rootsAnswer = z.object({
  RootCertificateCollection: z.object({ rootCertificates: z.array(root).max(1000) }),
});

interface PoolRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | undefined;
}

export class OpcpPool implements ContractPool {
  private token: { value: string; until: number } | undefined;

  constructor(
    private readonly settings: OpcpSettings,
    private readonly egress: EgressPolicy,
    private readonly now: () => number,
  ) {}

  async contractsOf({ schemaVersion, exiRequest }: InstallationRequest): Promise<PooledContract[]> {
    const body = JSON.stringify({
      certificateInstallationReq: exiRequest,
      xsdMsgDefNamespace: schemaVersion,
    });
    const response = await this.authorised('POST', this.settings.contractPath, body);
    if (response.status === 404) return [];
    const answer = parsed(contractAnswer, response);
    const contents =
      'CCPResponse' in answer
        ? answer.CCPResponse.emaidContent.map(({ messageDef }) => messageDef)
        : answer.emaidContent;
    return contents.map((one) => ({ emaid: one.emaid, exiResponse: one.certificateInstallationRes }));
  }

  async roots(): Promise<PooledRoot[]> {
    const answer = parsed(rootsAnswer, await this.authorised('GET', this.settings.rootsPath));
    return answer.RootCertificateCollection.rootCertificates.flatMap((one) => {
      const purpose = PURPOSES.find((known) => known === one.rootType.toUpperCase());
      const der = Buffer.from(one.caCertificate.replace(/-----[^-]+-----|\s/g, ''), 'base64');
      return purpose ? [{ purpose, der, schemaVersion: one.xsdMsgDefNamespace }] : [];
    });
  }

  /** Once more with a fresh token when the pool says that the one we have no longer counts (C1). */
  private async authorised(method: 'GET' | 'POST', path: string, body?: string): Promise<GuardedResponse> {
    const until = this.now() + TIMEOUT_MS;
    const ask = async () => this.request({ method, path, body }, await this.accessToken(until), until);
    const first = await ask();
    if (first.status !== 401) return first;
    this.token = undefined;
    return ask();
  }

  private request({ method, path, body }: PoolRequest, token: string, until: number) {
    return this.fetch(`${this.settings.baseUrl}${path}`, until, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    });
  }

  private async accessToken(until: number): Promise<string> {
    if (this.token && this.token.until > this.now()) return this.token.value;
    const { tokenUrl, clientId, clientSecret, audience, scope } = this.settings;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret.reveal(),
      ...(audience === undefined ? {} : { audience }),
      ...(scope === undefined ? {} : { scope }),
    });
    const response = await this.fetch(tokenUrl, until, {
      method: 'POST',
      body: form.toString(),
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    });
    const answer = parsed(tokenAnswer, response);
    const goodUntil = this.now() + answer.expires_in * 1000 - TOKEN_MARGIN_MS;
    this.token = { value: answer.access_token, until: goodUntil };
    return answer.access_token;
  }

  /** `until`: when the car does not wait any longer. */
  private fetch(
    url: string,
    until: number,
    more: { method: 'GET' | 'POST'; body?: string; headers: Record<string, string> },
  ) {
    return guardedFetch(url, {
      ...more,
      hosts: [new URL(url).host],
      egress: this.egress,
      timeoutMs: Math.max(1, until - this.now()),
      maxBytes: MAX_BYTES,
    });
  }
}

const PURPOSES: readonly PooledRoot['purpose'][] = ['V2G', 'MO', 'OEM'];

function parsed<T>(schema: z.ZodType<T>, response: GuardedResponse): T {
  const { status } = response;
  if (status >= 500) throw unavailable('AUTH_POOL_AWAY', 'The contract pool cannot answer now.', { status });
  if (status !== 200) throw precondition('AUTH_POOL_REFUSED', 'The contract pool refused.', { status });
  try {
    return schema.parse(response.json());
  } catch (error) {
    const { code } = toAppError(error);
    throw precondition('AUTH_POOL_ANSWER', 'The contract pool answered what cannot be read.', { code });
  }
}
