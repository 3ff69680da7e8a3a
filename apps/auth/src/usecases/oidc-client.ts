import { Inject, Injectable } from '@nestjs/common';
import { isAppError, unavailable, type Clock } from '@kilowatch/kernel';
import { CLOCK, EgressPolicy, guardedFetch } from '@kilowatch/platform';
import {
  allowInsecureRequests,
  customFetch,
  discovery,
  type Configuration,
  type CustomFetch,
} from 'openid-client';
import type { OidcProvider } from '../domain/oidc-provider.js';

const KEPT_MS = 60 * 60_000;

/** What providers say of themselves (OpenID Connect Discovery), fetched like everything from outside: guarded, and kept for an hour. */
@Injectable()
export class OidcClient {
  private readonly known = new Map<string, { until: number; configuration: Promise<Configuration> }>();

  constructor(
    private readonly egress: EgressPolicy,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** UNAVAILABLE when the provider cannot be reached or says nothing of use. */
  async of(provider: OidcProvider): Promise<Configuration> {
    const name = `${provider.tenant}|${provider.id}`;
    const now = this.clock.now().getTime();
    let held = this.known.get(name);
    if (!held || held.until <= now) {
      held = { until: now + KEPT_MS, configuration: this.discover(provider) };
      this.known.set(name, held);
    }
    try {
      return await held.configuration;
    } catch (error) {
      this.known.delete(name);
      if (isAppError(error)) throw error;
      throw unavailable('AUTH_PROVIDER_AWAY', 'The identity provider cannot be reached. Try again later.', {
        reason: error instanceof Error ? error.message.slice(0, 200) : 'unknown',
      });
    }
  }

  private discover({ issuer, clientId, clientSecret }: OidcProvider): Promise<Configuration> {
    return discovery(new URL(issuer), clientId, clientSecret, undefined, {
      [customFetch]: this.fetch,
      // Only peers that KW_EGRESS_ALLOW names are reached without TLS at all.
      ...(issuer.startsWith('http:') ? { execute: [allowInsecureRequests] } : {}),
    });
  }

  private readonly fetch: CustomFetch = async (url, { method, headers, body }) => {
    const answer = await guardedFetch(url, {
      hosts: 'any-public',
      egress: this.egress,
      method: method as 'GET' | 'POST',
      headers: headers as Record<string, string>,
      ...(body === undefined || body === null ? {} : { body: bodyText(body) }),
    });
    const copied = Object.entries(answer.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    const empty = answer.status === 204 || answer.status === 304;
    return new Response(empty ? null : Uint8Array.from(answer.body), {
      status: answer.status,
      headers: copied,
    });
  };
}

function bodyText(body: unknown): string | Uint8Array {
  return body instanceof URLSearchParams ? body.toString() : (body as string | Uint8Array);
}
