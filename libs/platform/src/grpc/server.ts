import {
  Server,
  ServerCredentials,
  type Metadata,
  type UntypedServiceImplementation,
  type handleUnaryCall,
} from '@grpc/grpc-js';
import { common } from '@kilowatch/contracts';
import { SpanKind } from '@opentelemetry/api';
import {
  invalid,
  tenantId,
  timeout,
  toAppError,
  type AppError,
  type Clock,
  type TenantId,
} from '@kilowatch/kernel';
import { SERVICE_TOKEN_HEADER, type ServiceTokens } from '../auth/service-tokens.js';
import type { PassPoint } from '../crash/crash-points.js';
import type { Logger } from '../log/logger.js';
import { histogram } from '../trace/metrics.js';
import { withSpan } from '../trace/span.js';
import { serveBundle } from './bundle-server.js';
import { runInCallContext } from './call-context.js';
import { MAX_MESSAGE_BYTES } from './fitting.js';
import { MOST_BUNDLED_CALLS, TENANT_KEY, TRACE_KEY, statusFromError, textOf } from './metadata.js';
import type { GrpcCall, GrpcImplementation, GrpcService } from './types.js';

/** A caller that names no deadline gets this one. */
const DEFAULT_DEADLINE_MS = 30_000;

type Method = (request: unknown, call: GrpcCall) => Promise<unknown>;
/** What all calls of a bundle have in common. */
type BundleContext = Pick<GrpcCall, 'caller' | 'deadline'>;
type ServeBundled = (call: common.BundledCall, context: BundleContext) => Promise<Buffer>;
type BundleStream = Parameters<common.CallBundleServiceServer['carry']>[0];

export interface GrpcServerOptions {
  tokens: ServiceTokens;
  clock: Clock;
  logger: Logger;
  /** For fault tests. */
  pass?: PassPoint | undefined;
}

/**
 * Serves generated service definitions with plain classes. Each call is authenticated by its service token, runs in
 * its own call context, and answers errors by the error table; what was not meant for callers stays in the log.
 */
export class GrpcServer {
  private readonly server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    // A book on each call that nobody reads.
    'grpc.enable_channelz': 0,
  });

  /** Of calls that come in bundles, by path. */
  private readonly bundled = new Map<string, ServeBundled>();

  constructor(private readonly options: GrpcServerOptions) {
    this.server.addService(common.CallBundleServiceService, {
      carry: (stream: BundleStream) => void this.carry(stream),
    });
  }

  /** Throws when the implementation lacks a method of the service: better at start than at the first call. */
  add<Service extends GrpcService>(service: Service, implementation: GrpcImplementation<Service>): void {
    const handlers: UntypedServiceImplementation = {};
    for (const [name, { path, requestDeserialize, responseSerialize }] of Object.entries(service)) {
      const found = (implementation as Record<string, unknown>)[name];
      if (typeof found !== 'function') {
        throw new Error(`${(implementation as object).constructor.name} does not implement ${path}`);
      }
      const method = (found as Method).bind(implementation);
      handlers[name] = this.handler(path, method);
      this.bundled.set(path, async ({ request, tenant, traceparent }, context) =>
        responseSerialize(
          await this.answer(path, async () => {
            const call = { ...context, tenant: tenantOf(tenant), traceparent: traceparent || undefined };
            return this.serve(path, method, requestDeserialize(request), call);
          }),
        ),
      );
    }
    this.server.addService(service, handlers);
  }

  /** Listens; port 0 picks a free one. Returns the port. */
  listen(host: string, port: number): Promise<number> {
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return new Promise((resolve, reject) => {
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
  }

  /** Takes no new calls, lets those in flight finish, and cuts what is left after the grace time. */
  async close(graceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.server.forceShutdown();
        resolve();
      }, graceMs);
      this.server.tryShutdown(() => resolve());
    });
    clearTimeout(timer);
  }

  private handler(path: string, method: Method): handleUnaryCall<unknown, unknown> {
    return (call, callback) => {
      this.answer(path, async () =>
        this.serve(path, method, call.request, await this.identify(call.metadata, call.getDeadline())),
      ).then(
        (response) => callback(null, response),
        (error: unknown) => callback(statusFromError(toAppError(error))),
      );
    };
  }

  /** Nothing of a bundle is looked at before it is known who sent it. */
  private async carry(stream: BundleStream): Promise<void> {
    const path = common.CallBundleServiceService.carry.path;
    try {
      const context = {
        caller: await this.callerOf(stream.metadata),
        deadline: this.deadlineOf(stream.getDeadline()),
      };
      if (stream.request.calls.length > MOST_BUNDLED_CALLS)
        throw invalid('BUNDLE_TOO_LARGE', `A bundle has at most ${MOST_BUNDLED_CALLS} calls`);
      serveBundle(stream, (called) => {
        const serve = this.bundled.get(called);
        if (!serve) this.options.logger.error({ method: called }, 'unknown method in a bundle of grpc calls');
        return serve && ((call) => serve(call, context));
      });
    } catch (thrown) {
      const error = toAppError(thrown);
      this.log(path, error, thrown);
      stream.emit('error', statusFromError(error));
    }
  }

  /** Counts and logs the outcome of one call. @throws AppError */
  private async answer(path: string, serve: () => Promise<unknown>): Promise<unknown> {
    const observe = histogram('kw_grpc_server_seconds').startTimer({ method: path });
    try {
      const response = await serve();
      observe({ code: 'OK' });
      return response;
    } catch (thrown) {
      const error = toAppError(thrown);
      observe({ code: error.kind });
      this.log(path, error, thrown);
      throw error;
    }
  }

  private async serve(path: string, method: Method, request: unknown, call: GrpcCall): Promise<unknown> {
    if (call.deadline <= this.options.clock.now())
      throw timeout('DEADLINE_PASSED', 'Nobody waits for the answer');
    return runInCallContext({ deadline: call.deadline }, () =>
      withSpan(
        'grpc.server',
        { kind: SpanKind.SERVER, parent: call.traceparent, attributes: { 'rpc.method': path } },
        async () => {
          const response = await method(request, call);
          await this.options.pass?.('before-answer');
          return response;
        },
      ),
    );
  }

  private async identify(metadata: Metadata, deadline: Date | number): Promise<GrpcCall> {
    return {
      caller: await this.callerOf(metadata),
      tenant: tenantOf(textOf(metadata, TENANT_KEY)),
      traceparent: textOf(metadata, TRACE_KEY),
      deadline: this.deadlineOf(deadline),
    };
  }

  private callerOf(metadata: Metadata): Promise<string> {
    return this.options.tokens.verify(textOf(metadata, SERVICE_TOKEN_HEADER));
  }

  private deadlineOf(wished: Date | number): Date {
    const deadline = new Date(wished);
    return Number.isNaN(deadline.getTime())
      ? new Date(this.options.clock.now().getTime() + DEFAULT_DEADLINE_MS)
      : deadline;
  }

  private log(method: string, error: AppError, thrown: unknown): void {
    const { logger } = this.options;
    const fields = { method, kind: error.kind, code: error.code, details: error.details };
    if (error.kind === 'INTERNAL') logger.error({ ...fields, err: thrown }, 'grpc call failed');
    else if (error.kind === 'UNAVAILABLE' || error.kind === 'TIMEOUT')
      logger.warn(fields, 'grpc call failed');
    else logger.debug(fields, 'grpc call refused');
  }
}

function tenantOf(text: string | undefined): TenantId {
  if (!text) throw invalid('TENANT_MISSING', 'The call names no tenant');
  return tenantId(text);
}
