import { z } from 'zod';
import { flag, secret, port, url } from './fields.js';

/** The most talkative first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Settings every service has. One place, so that a name means the same everywhere. */
export const baseShape = {
  KW_ENV: z.enum(['development', 'test', 'production']).default('production'),
  KW_SERVICE_NAME: z.string().optional(),
  KW_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  KW_BIND_HOST: z.string().default('0.0.0.0'),
  /** 0 asks the system for a free port. */
  KW_HTTP_PORT: port().default(0),
  KW_GRPC_PORT: port().default(0),
  /** postgres://role:password@host:port/database; the role is the service's own. Only services without tables leave it out. */
  KW_DATABASE_URL: secret().optional(),
  KW_DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(8),
  KW_NATS_URL: z.string().default('nats://127.0.0.1:4222'),
  KW_NATS_STREAM_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
  /** -1: bounded by age and the server's own limits only. */
  KW_NATS_STREAM_MAX_BYTES: z.coerce.number().int().default(-1),
  /** Deliveries of an event that keeps failing before it is set aside; 8 span about three minutes. */
  KW_INBOX_MAX_DELIVER: z.coerce.number().int().min(1).max(20).default(8),
  KW_JWKS_URL: url().optional(),
  KW_JWT_ISSUER: z.string().optional(),
  /** JSON list of further trusted issuers (auth/trusted-issuers.ts), for operators with their own identity provider. */
  KW_JWT_ISSUERS: z.string().optional(),
  /** Comma list of hosts, host:port or networks that outbound requests may reach beyond public https. */
  KW_EGRESS_ALLOW: z.string().optional(),
  /** Shared by all services: they sign their calls to each other with it. */
  KW_SERVICE_SECRET: secret(),
  /** Tenant of whoever names none: the operator of a single-tenant installation. */
  KW_DEFAULT_TENANT: z.string().default('demo'),
  /** Development: the process ends when the launcher that holds its standard input does, however that happens. */
  KW_EXIT_ON_STDIN_CLOSE: flag().default(false),
  /** Fault runs only (crash/crash-points.ts), refused unless KW_ENV=test: a file that orders the process to die at a named point. */
  KW_CRASH_ORDER_PATH: z.string().optional(),
  /** otlp:<url>, file:<path> or none. */
  KW_TRACE_EXPORT: z
    .string()
    .regex(/^(none|otlp:.+|file:.+)$/, 'otlp:<url>, file:<path> or none')
    .default('none'),
} as const;
