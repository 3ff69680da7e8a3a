import { lookup as dnsLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import {
  forbidden,
  invalid,
  isAppError,
  precondition,
  timeout,
  toAppError,
  unavailable,
} from '@kilowatch/kernel';
import { SpanKind } from '@opentelemetry/api';
import { histogram } from '../trace/metrics.js';
import { withSpan } from '../trace/span.js';
import { EgressPolicy } from './egress-policy.js';

export interface GuardedFetchOptions {
  /** Hosts the caller expects (a partner's registered hosts), or 'any-public' where the list is the policy itself. */
  hosts: readonly string[] | 'any-public';
  /** Peers the configuration opens beyond public https; none by default. */
  egress?: EgressPolicy;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** Whole exchange: name resolution, connection, request, response. */
  timeoutMs?: number;
  maxBytes?: number;
  /** CA certificates (PEM) trusted instead of the system's. */
  ca?: string;
  /** Certificate and key (PEM) that we show when the other side asks. */
  client?: { readonly cert: string; readonly key: string };
  /** Name resolution, replaceable by tests. */
  resolve?: (host: string) => Promise<readonly ResolvedAddress[]>;
}

export interface ResolvedAddress {
  address: string;
  family: number;
}

export interface GuardedResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body as UTF-8 text. */
  text(): string;
  /** The body as JSON of unknown shape (parse it with a schema); throws PRECONDITION when it is not JSON. */
  json(): unknown;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_MAX_BYTES = 1024 * 1024;
/** Leads nowhere: it answers a request that named what it has (RFC 9110, 15.4.5). */
const NOT_MODIFIED = 304;
const STRICT = new EgressPolicy();

/**
 * The one way out to addresses we do not run. https to public addresses only, unless the egress policy names the peer;
 * the name is resolved once, each address judged, and the connection pinned to what was judged, so that DNS cannot
 * answer differently the second time. No redirects, no proxies, no decompression, bounded time and size.
 * Throws AppError: INVALID (bad URL), FORBIDDEN (refused by policy), TIMEOUT, UNAVAILABLE (network), PRECONDITION
 * (redirect, too large, encoded). Any other HTTP status is the caller's to judge, 304 ("what you have is still so") too.
 */
export function guardedFetch(url: string, options: GuardedFetchOptions): Promise<GuardedResponse> {
  return withSpan('http.out', { kind: SpanKind.CLIENT }, async () => {
    const observe = histogram('kw_http_out_seconds').startTimer();
    try {
      const response = await judgedFetch(url, options);
      observe({ outcome: `${Math.trunc(response.status / 100)}xx` });
      return response;
    } catch (error) {
      observe({ outcome: toAppError(error).code });
      throw error;
    }
  });
}

async function judgedFetch(url: string, options: GuardedFetchOptions): Promise<GuardedResponse> {
  const target = parseTarget(url, options.hosts);
  const deadline = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  try {
    const pinned = await abortable(judgedAddress(target, options), deadline);
    return await exchange(target, pinned, options, deadline);
  } catch (error) {
    if (isAppError(error)) throw error;
    if (deadline.aborted)
      throw timeout('EGRESS_TIMEOUT', 'The other side did not answer in time', { host: target.hostname });
    throw unavailable('EGRESS_UNREACHABLE', 'The other side cannot be reached', {
      host: target.hostname,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

function parseTarget(url: string, hosts: GuardedFetchOptions['hosts']): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (!target || !['https:', 'http:'].includes(target.protocol)) {
    throw invalid('EGRESS_URL', 'The address is not a web address');
  }
  if (target.username !== '' || target.password !== '') {
    throw invalid('EGRESS_URL', 'The address must not contain credentials');
  }
  if (
    hosts !== 'any-public' &&
    !hosts.some((host) => [target.hostname, target.host].includes(host.toLowerCase()))
  ) {
    throw forbidden('EGRESS_REFUSED', 'The address is not on the list of allowed hosts', {
      host: target.host,
    });
  }
  return target;
}

async function judgedAddress(target: URL, options: GuardedFetchOptions): Promise<ResolvedAddress> {
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const literal = isIP(host);
  const addresses = literal
    ? [{ address: host, family: literal }]
    : await (options.resolve ?? resolveAll)(host);
  const policy = options.egress ?? STRICT;
  const port = portOf(target);
  const [first] = addresses;
  // One private address among public ones is an attack or a mistake: neither is worth a try.
  if (
    !first ||
    !addresses.every(({ address }) => policy.allows(target.protocol, target.hostname, port, address))
  ) {
    throw forbidden('EGRESS_REFUSED', 'The address is not allowed', { host: target.host });
  }
  return first;
}

const resolveAll = (host: string) => dnsLookup(host, { all: true, verbatim: true });

const portOf = (target: URL) => Number(target.port || (target.protocol === 'https:' ? 443 : 80));

function exchange(
  target: URL,
  pinned: ResolvedAddress,
  options: GuardedFetchOptions,
  signal: AbortSignal,
): Promise<GuardedResponse> {
  const lookup: LookupFunction = (_host, wanted, done) =>
    wanted.all ? done(null, [pinned]) : done(null, pinned.address, pinned.family);
  const body = options.body === undefined ? undefined : Buffer.from(options.body);
  const headers = {
    'accept-encoding': 'identity',
    ...options.headers,
    ...(body ? { 'content-length': String(body.length) } : {}),
  };
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(
      target,
      {
        method: options.method ?? 'GET',
        headers,
        lookup,
        agent: false,
        signal,
        ca: options.ca,
        ...options.client,
      },
      (response) => {
        receive(response, options.maxBytes ?? DEFAULT_MAX_BYTES)
          .then(resolve, reject)
          .finally(() => request.destroy());
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function receive(response: IncomingMessage, maxBytes: number): Promise<GuardedResponse> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400 && status !== NOT_MODIFIED) {
    throw precondition('EGRESS_REDIRECT', 'The other side answered with a redirect', { status });
  }
  const encoding = response.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw precondition('EGRESS_ENCODED', 'The other side compressed its answer unasked', { encoding });
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw precondition('EGRESS_TOO_LARGE', 'The answer of the other side is too large', { maxBytes });
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  return {
    status,
    headers: response.headers,
    body,
    text: () => body.toString('utf8'),
    json: () => parseJson(body),
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw precondition('EGRESS_NOT_JSON', 'The other side did not answer with JSON');
  }
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}
