import { hostname } from 'node:os';
import { flag, peers, port, secret, type ConfigOf } from '@kilowatch/platform';
import { z } from 'zod';
import { MAX_TRACE_HOURS } from './domain/trace-slot.js';

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Settings of this service; times in seconds. */
export const configShape = {
  KW_OCPP_PORT: port().default(9000),
  /** Our own TLS ports, each off unless it is set. Proxies' headers are not believed there. This one: password over TLS (profile 2). */
  KW_OCPP_TLS_PORT: port().optional(),
  /** Stations show a certificate of their operator's CAs, which auth knows, or of one in KW_OCPP_STATION_CA (profile 3). */
  KW_OCPP_MTLS_PORT: port().optional(),
  /** For chargers that know TLS 1.0 or 1.1 only: whoever comes here counts as profile 1 (Q7). */
  KW_OCPP_LEGACY_TLS_PORT: port().optional(),
  /** Chain (PEM, ours first) and key of the TLS ports; a second pair makes EC and RSA available. From files they are read again when these change. */
  KW_OCPP_TLS_CERT: z.string().optional(),
  KW_OCPP_TLS_KEY: secret().optional(),
  KW_OCPP_TLS_RSA_CERT: z.string().optional(),
  KW_OCPP_TLS_RSA_KEY: secret().optional(),
  /** Root that stations were set up with (`O=Example, CN=Root`): a certificate below another one is warned of. */
  KW_OCPP_TLS_ROOT: z.string().optional(),
  /** PEM bundle of CAs that vouch for stations of every tenant that has no CA of its own in auth. */
  KW_OCPP_STATION_CA: z.string().optional(),
  KW_OCPP_TLS_RELOAD_SECONDS: whole(1, 86_400).default(30),
  KW_OCPP_TLS_HANDSHAKE_SECONDS: whole(1, 120).default(15),
  /** Name of this pod, kept over restarts of its process. Connections of an earlier process are found by it. */
  KW_POD_ID: z.string().min(1).max(200).default(hostname()),
  /** Chargers let in per second once their credentials are checked; the others are told to come back (503). */
  KW_OCPP_ACCEPT_PER_SECOND: whole(1, 100_000).default(200),
  /** Handshakes being checked at the same time. */
  KW_OCPP_MAX_HANDSHAKES: whole(1, 100_000).default(500),
  /** TCP connections of one address. Behind a proxy this is the proxy's address: raise it there. */
  KW_OCPP_MAX_SOCKETS_PER_IP: whole(1, 1_000_000).default(10_000),
  /** Connections of one tenant in this process. */
  KW_OCPP_MAX_SOCKETS_PER_TENANT: whole(1, 1_000_000).default(20_000),
  /** permessage-deflate for OCPP 2.x chargers that offer it: saves traffic, costs CPU. */
  KW_OCPP_COMPRESSION: flag().default(false),
  /** Proxies in front of us that write X-Forwarded-For and -Proto; 0 = the headers are not believed. */
  KW_OCPP_FORWARDED_HOPS: whole(0, 5).default(0),
  /** Host names under which we are reached; a browser of another origin is refused. Empty = every browser is. */
  KW_OCPP_PUBLIC_HOST: z.string().default(''),
  KW_OCPP_PING_SECONDS_MIN: whole(1, 3600).default(30),
  KW_OCPP_PING_SECONDS_MAX: whole(1, 3600).default(60),
  /**
   * After a start: how long chargers of our former process may take to come back before they count as gone. Longer than the
   * longest ping interval and the 30 s in which signs of life are written.
   */
  KW_OCPP_RETURN_GRACE_SECONDS: whole(1, 3600).default(120),
  /** A connection nobody has seen for so long is gone, whichever pod held it. */
  KW_OCPP_ABSENT_SECONDS: whole(60, 86_400).default(300),
  /** Keep every frame (masked) for people who look into a charger's trouble. */
  KW_OCPP_TRACE: flag().default(true),
  /** For so many hours; about 1 MB an hour and charging car. */
  KW_OCPP_TRACE_HOURS: whole(1, MAX_TRACE_HOURS).default(24),
  KW_OCPP_ATTEMPT_DAYS: whole(1, 3650).default(30),
  /** Address of the charger port as stations reach it (`https://ocpp.example.org`), for files they send us. */
  KW_UPLOAD_URL: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  KW_UPLOAD_MAX_MB: whole(1, 1024).default(50),
  /** How long a station may take from being asked to the end of its upload. */
  KW_UPLOAD_HOURS: whole(1, 168).default(24),
  KW_UPLOAD_DAYS: whole(1, 3650).default(30),
  /** How long the answer to the end of a transaction waits for its cost, at stations that show it. */
  KW_FINAL_COST_WAIT_MS: whole(0, 10_000).default(2_000),
  KW_DRAIN_SECONDS: whole(0, 600).default(20),
  ...peers('auth', 'sessions', 'metering', 'billing', 'load-management'),
} as const;

export type GatewayConfig = ConfigOf<typeof configShape>;
