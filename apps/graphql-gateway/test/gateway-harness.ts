import { loadConfig, createLogger, runService, type RunningService } from '@kilowatch/platform';
import { startTokenIssuer, testInfraUrl, type TokenIssuer } from '@kilowatch/testing';
import { configShape } from '../src/config.js';
import { graphqlGatewayService } from '../src/graphql-gateway.module.js';
import { PublicServer } from '../src/transport/http/public-server.js';
import { startFakeSubgraphs, type FakeSubgraphs } from './fake-subgraphs.js';

export const SERVICE_SECRET = 'a-secret-of-thirty-two-bytes-or-more';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, never> | null;
  readonly errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

export type Claims = NonNullable<Parameters<TokenIssuer['sign']>[0]>;

export interface TestGateway {
  readonly service: RunningService;
  readonly subgraphs: FakeSubgraphs;
  /** `Bearer ...` for a person; Anna, a driver of `demo`, unless the claims say otherwise. */
  bearer(claims?: Claims): Promise<string>;
  /** host:port */
  readonly host: string;
  ask(query: string, options?: { as?: string; variables?: object }): Promise<Answer>;
  send(init: RequestInit, path?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** The real gateway over real HTTP, in front of the fake subgraphs. */
export async function startGateway(environment: Record<string, string> = {}): Promise<TestGateway> {
  const [subgraphs, issuer] = await Promise.all([startFakeSubgraphs(), startTokenIssuer()]);
  const config = loadConfig(configShape, {
    KW_ENV: 'production',
    KW_BIND_HOST: '127.0.0.1',
    KW_PUBLIC_PORT: '0',
    KW_NATS_URL: testInfraUrl('KW_TEST_NATS_URL'),
    KW_SERVICE_SECRET: SERVICE_SECRET,
    KW_JWT_ISSUER: issuer.issuer,
    KW_JWKS_URL: issuer.jwksUrl,
    KW_SUPERGRAPH: subgraphs.supergraph,
    KW_SUBGRAPHS: JSON.stringify(subgraphs.urls),
    ...environment,
  });
  const logger = createLogger({ service: 'graphql-gateway', level: process.env['KW_TEST_LOG'] ?? 'silent' });
  const service = await runService({ ...graphqlGatewayService(config), logger });
  const host = `127.0.0.1:${service.get(PublicServer).port}`;
  const send = async (init: RequestInit, path = '/graphql') => {
    const response = await fetch(`http://${host}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, ...bodyOf(text) };
  };
  return {
    service,
    subgraphs,
    bearer: async (claims) => `Bearer ${await issuer.sign(claims)}`,
    host,
    send,
    ask: (query, { as, variables } = {}) =>
      send({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(as === undefined ? {} : { authorization: as }) },
        body: JSON.stringify({ query, variables }),
      }),
    async close() {
      await service.close();
      subgraphs.close();
      issuer.close();
    },
  };
}

/** Claims of a token that ends so many seconds from now; negative: it has ended. */
export function expiresIn(seconds: number): Claims {
  const now = Math.floor(Date.now() / 1000);
  return { iat: Math.min(now, now + seconds - 60), exp: now + seconds };
}

function bodyOf(text: string): Partial<Answer> {
  try {
    return JSON.parse(text) as Partial<Answer>;
  } catch {
    return {};
  }
}
