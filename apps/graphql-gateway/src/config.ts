import { port, type ConfigOf } from '@kilowatch/platform';
import { z } from 'zod';
import { Supergraph } from './federation/supergraph.js';

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** `{"sessions": "http://sessions:3000/graphql", ...}` */
const subgraphUrls = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.url({ protocol: /^https?$/ })));

/** Settings of the gateway alone; what every service has is in the platform's base shape. */
export const configShape = {
  /** GraphQL (HTTP and WebSocket at /graphql) and the portal. KW_HTTP_PORT is for probes and metrics only. */
  KW_PUBLIC_PORT: port().default(4000),
  /** Proxies in front of us that append to X-Forwarded-For; 0 = the header is not believed. */
  KW_PUBLIC_FORWARDED_HOPS: whole(0, 5).default(0),
  /** The composed supergraph; set KW_SUPERGRAPH_FILE to the path of supergraph.graphql. */
  KW_SUPERGRAPH: z.string().transform((sdl) => new Supergraph(sdl)),
  /** Addresses of the subgraphs by name: they replace those in the supergraph. */
  KW_SUBGRAPHS: subgraphUrls,
  /** The built portal; without it, / says how to build it. */
  KW_PORTAL_DIR: z.string().optional(),
  KW_SUBGRAPH_TIMEOUT_MS: whole(1, 60_000).default(10_000),
  /** Levels of fields in one operation. */
  KW_QUERY_MAX_DEPTH: whole(1, 50).default(8),
  /** Objects one operation may ask for (domain/operation-size.ts). */
  KW_QUERY_MAX_COST: whole(1, 1_000_000).default(5_000),
  /** Objects one account, or one address without, may ask this process for in a minute (domain/cost-budget.ts). */
  KW_QUERY_COST_PER_MINUTE: whole(1, 1_000_000_000).default(600_000),
  /** WebSockets of this process, and of one account. */
  KW_MAX_SOCKETS: whole(1, 1_000_000).default(10_000),
  KW_MAX_SOCKETS_PER_ACCOUNT: whole(1, 10_000).default(20),
} as const;

export type GraphqlGatewayConfig = ConfigOf<typeof configShape>;
