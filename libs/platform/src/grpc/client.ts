import { setTimeout as delay } from 'node:timers/promises';
import { Client, Metadata, credentials, type ClientOptions, type ServiceError } from '@grpc/grpc-js';
import { SpanKind } from '@opentelemetry/api';
import { timeout, toAppError, type AppError, type Clock } from '@kilowatch/kernel';
import { SERVICE_TOKEN_HEADER, type ServiceTokens } from '../auth/service-tokens.js';
import { histogram } from '../trace/metrics.js';
import { currentTraceparent, withSpan } from '../trace/span.js';
import { CallBundles } from './call-bundles.js';
import { currentCallContext } from './call-context.js';
import { MAX_MESSAGE_BYTES } from './fitting.js';
import { TENANT_KEY, TRACE_KEY, errorFromStatus } from './metadata.js';
import type { AnyMethod, CallOptions, GrpcClient, GrpcClientConstructor } from './types.js';

const DEFAULT_DEADLINE_MS = 3_000;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 40;

const CHANNEL_OPTIONS: ClientOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  // A killed service is back in seconds: look for it again at once, not after grpc's two minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  // Spread calls over all pods behind a headless service name.
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
};

export interface GrpcClientOptions {
  /** `host:port`, or a grpc-js target such as `dns:///sessions:50051`. */
  url: string;
  tokens: ServiceTokens;
  clock: Clock;
  /**
   * For a caller with many small calls at a time: those that are made while others are under way wait up to so long and go together.
   * Absent: each goes alone.
   */
  bundleMs?: number | undefined;
}

/** What the calls of one client share. */
interface Road extends GrpcClientOptions {
  readonly channel: Client;
  readonly bundles: CallBundles | undefined;
}

/** A typed client whose failures are AppErrors; `close()` ends its connections. */
export function grpcClient<Service extends object>(
  constructor: GrpcClientConstructor<Service>,
  options: GrpcClientOptions,
): GrpcClient<Service> & { close(): void } {
  const channel = new Client(
    options.url.replace(/^(grpc|http):\/\//, ''),
    credentials.createInsecure(),
    CHANNEL_OPTIONS,
  );
  const { tokens, clock, bundleMs } = options;
  const bundles =
    bundleMs === undefined
      ? undefined
      : new CallBundles({ channel, metadata: () => proof(tokens), clock, lingerMs: bundleMs });
  const road: Road = { ...options, channel, bundles };
  const methods: Record<string, unknown> = { close: () => channel.close() };
  for (const [name, method] of Object.entries(constructor.service as Record<string, AnyMethod>)) {
    methods[name] = (request: unknown, call: CallOptions) =>
      withSpan('grpc.client', { kind: SpanKind.CLIENT, attributes: { 'rpc.method': method.path } }, () =>
        callWithRetry(road, method, request, call),
      );
  }
  return methods as GrpcClient<Service> & { close(): void };
}

async function callWithRetry(
  road: Road,
  method: AnyMethod,
  request: unknown,
  call: CallOptions,
): Promise<unknown> {
  const { clock } = road;
  const deadline = deadlineOf(call, clock.now());
  for (let attempt = 1; ; attempt++) {
    const now = clock.now().getTime();
    if (deadline.getTime() <= now) {
      throw timeout('SERVICE_TIMEOUT', 'A part of the system did not answer in time', {
        method: method.path,
      });
    }
    try {
      return await callOnce(road, method, request, call, deadline);
    } catch (error) {
      const failure = error as AppError;
      const pause = FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random());
      const again = call.idempotent === true && failure.kind === 'UNAVAILABLE' && attempt < ATTEMPTS;
      if (!again || now + pause >= deadline.getTime()) throw failure;
      await delay(pause);
    }
  }
}

/** The caller's wish, bounded by the deadline of the request it serves. */
function deadlineOf(call: CallOptions, now: Date): Date {
  const wished = now.getTime() + (call.deadlineMs ?? DEFAULT_DEADLINE_MS);
  return new Date(Math.min(wished, currentCallContext()?.deadline.getTime() ?? Infinity));
}

async function callOnce(
  { channel, tokens, bundles }: Road,
  method: AnyMethod,
  request: unknown,
  { tenant }: CallOptions,
  deadline: Date,
): Promise<unknown> {
  const observe = histogram('kw_grpc_client_seconds').startTimer({ method: method.path });
  try {
    const bytes = method.requestSerialize(request);
    const traceparent = currentTraceparent();
    const alone = async () => {
      const metadata = await proof(tokens);
      metadata.set(TENANT_KEY, tenant);
      if (traceparent !== undefined) metadata.set(TRACE_KEY, traceparent);
      return callAlone(channel, method, bytes, metadata, deadline);
    };
    const response = bundles?.takes(bytes.length)
      ? await bundles.call({ method, bytes, tenant, traceparent, deadline, alone })
      : await alone();
    observe({ code: 'OK' });
    return response;
  } catch (error) {
    observe({ code: toAppError(error).kind });
    throw error;
  }
}

/** Metadata that prove which service calls. */
async function proof(tokens: ServiceTokens): Promise<Metadata> {
  const metadata = new Metadata();
  metadata.set(SERVICE_TOKEN_HEADER, await tokens.token());
  return metadata;
}

function callAlone(
  channel: Client,
  method: AnyMethod,
  bytes: Buffer,
  metadata: Metadata,
  deadline: Date,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    channel.makeUnaryRequest(
      method.path,
      (encoded: Buffer) => encoded,
      method.responseDeserialize,
      bytes,
      metadata,
      { deadline },
      (error: ServiceError | null, response: unknown) => {
        if (error) reject(errorFromStatus(error, method.path));
        else resolve(response);
      },
    );
  });
}
