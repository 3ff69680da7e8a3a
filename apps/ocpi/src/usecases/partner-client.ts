import { Inject, Injectable } from '@nestjs/common';
import { isAppError, precondition, type AppError, type IdSource } from '@kilowatch/kernel';
import { counter, EgressPolicy, guardedFetch, IDS } from '@kilowatch/platform';
import type { z } from 'zod';
import {
  credentialsEndpoint,
  credentialsSchema,
  envelopeSchema,
  mutualVersion,
  versionDetailsSchema,
  versionsSchema,
  type Credentials,
  type Endpoint,
} from '../domain/credentials.js';
import type { TokenEncoding } from '../domain/partner.js';
import { tokenHeader } from '../domain/presented-token.js';

/** A partner's side as it described itself. */
export interface Offered {
  readonly endpoints: readonly Endpoint[];
  readonly credentialsUrl: string;
  readonly encoding: TokenEncoding;
}

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly token: string;
  readonly encoding: TokenEncoding;
  readonly body?: object;
}

const TIMEOUT_MS = 5_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Requests to partners, through the guarded way out only. What a partner answers is parsed, never trusted. */
@Injectable()
export class PartnerClient {
  constructor(
    private readonly egress: EgressPolicy,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /**
   * Versions and details of the mutual version. Throws PRECONDITION OCPI_VERSION or OCPI_ENDPOINTS when there is no common
   * ground, else what went wrong on the way. Finds out whether the partner wants its token raw.
   */
  async discover(versionsUrl: string, token: string): Promise<Offered> {
    const { encoding, versions } = await this.versions(versionsUrl, token);
    const url = mutualVersion(versions);
    const details = await this.ask(versionDetailsSchema, { method: 'GET', url, token, encoding });
    return { endpoints: details.endpoints, credentialsUrl: credentialsEndpoint(details.endpoints), encoding };
  }

  postCredentials(offered: Offered, token: string, ours: object): Promise<Credentials> {
    const { credentialsUrl: url, encoding } = offered;
    return this.ask(credentialsSchema, { method: 'POST', url, token, encoding, body: ours });
  }

  putCredentials(offered: Offered, token: string, ours: object): Promise<Credentials> {
    const { credentialsUrl: url, encoding } = offered;
    return this.ask(credentialsSchema, { method: 'PUT', url, token, encoding, body: ours });
  }

  async deleteCredentials(url: string, token: string, encoding: TokenEncoding): Promise<void> {
    await this.exchange({ method: 'DELETE', url, token, encoding });
  }

  private async versions(url: string, token: string) {
    const attempt = async (encoding: TokenEncoding) => ({
      encoding,
      versions: await this.ask(versionsSchema, { method: 'GET', url, token, encoding }),
    });
    try {
      return await attempt('BASE64');
    } catch (error) {
      if (isAppError(error) && error.code === 'OCPI_PARTNER_401') return attempt('RAW');
      throw error;
    }
  }

  private async ask<S extends z.ZodType>(schema: S, asked: Asked): Promise<z.infer<S>> {
    const parsed = schema.safeParse(await this.exchange(asked));
    if (parsed.success) return parsed.data;
    throw unreadable({ url: asked.url, paths: parsed.error.issues.map((issue) => issue.path.join('.')) });
  }

  /** The `data` of a successful answer. */
  private async exchange({ method, url, token, encoding, body }: Asked): Promise<unknown> {
    const count = (outcome: string) =>
      counter('kw_ocpi_requests_total').inc({ direction: 'out', module: 'credentials', outcome });
    try {
      const response = await guardedFetch(url, {
        // Addresses come from the partner itself: the policy (public https only, unless configured) is the wall.
        hosts: 'any-public',
        egress: this.egress,
        method,
        // A partner calls us back before it answers a POST or PUT.
        timeoutMs: method === 'POST' || method === 'PUT' ? HANDSHAKE_TIMEOUT_MS : TIMEOUT_MS,
        headers: {
          authorization: tokenHeader(token, encoding),
          'x-request-id': this.ids.newId(),
          'x-correlation-id': this.ids.newId(),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      if (response.status === 401)
        throw precondition('OCPI_PARTNER_401', 'The partner does not know our token.');
      const envelope = envelopeSchema.safeParse(response.json());
      const { status } = response;
      const details = { url, status, ocpi: envelope.data?.status_code };
      const said = envelope.success && envelope.data.status_code >= 2000;
      if (said || (status >= 400 && status < 500))
        throw precondition('OCPI_PARTNER_REFUSED', 'The partner refused our request.', details);
      if (status >= 300 || !envelope.success) throw unreadable(details);
      count('ok');
      return envelope.data.data;
    } catch (error) {
      count(isAppError(error) ? error.code : 'error');
      throw error;
    }
  }
}

/** An answer from which nobody can tell what the partner did. */
function unreadable(details: Record<string, unknown>): AppError {
  return precondition('OCPI_PARTNER_ANSWER', "The partner's answer does not follow OCPI.", details);
}
