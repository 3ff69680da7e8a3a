import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
  type handleUnaryCall,
} from '@grpc/grpc-js';
import { SpanKind } from '@opentelemetry/api';
import { invalid, tenantId, timeout, toAppError, type AppError, type Clock } from '@kilowatch/kernel';
import { SERVICE_TOKEN_HEADER, type ServiceTokens } from '../auth/service-tokens.js';
import type { PassPoint } from '../crash/crash-points.js';
import type { Logger } from '../log/logger.js';
import { histogram } from '../trace/metrics.js';
import { withSpan } from '../trace/span.js';
import { runInCallContext } from './call-context.js';
import { TENANT_KEY, TRACE_KEY, statusFromError, textOf } from './metadata.js';
import type { GrpcCall, GrpcImplementation, GrpcService } from './types.js';

/** A caller that names no deadline gets this one. */
const DEFAULT_DEADLINE_MS = 30_000;

type Unary = ServerUnaryCall<unknown, unknown>;
type Method = (request: unknown, call: GrpcCall) => Promise<unknown>;

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
    'grpc.max_receive_message_length': 4 * 1024 * 1024,
    // A book on each call that nobody reads.
    'grpc.enable_channelz': 0,
  });

  constructor(private readonly options: GrpcServerOptions) {}

  /** Throws when the implementation lacks a method of the service: better at start than at the first call. */
  add<Service extends GrpcService>(service: Service, implementation: GrpcImplementation<Service>): void {
    const handlers: UntypedServiceImplementation = {};
    for (const [name, { path }] of Object.entries(service)) {
      const method = (implementation as Record<string, unknown>)[name];
      if (typeof method !== 'function') {
        throw new Error(`${(implementation as object).constructor.name} does not implement ${path}`);
      }
      handlers[name] = this.handler(path, (method as Method).bind(implementation));
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
      const observe = histogram('kw_grpc_server_seconds').startTimer({ method: path });
      this.serve(path, method, call).then(
        (response) => {
          observe({ code: 'OK' });
          callback(null, response);
        },
        (thrown: unknown) => {
          const error = toAppError(thrown);
          observe({ code: error.kind });
          this.log(path, error, thrown);
          callback(statusFromError(error));
        },
      );
    };
  }

  private async serve(path: string, method: Method, incoming: Unary): Promise<unknown> {
    const call = await this.identify(incoming);
    if (call.deadline <= this.options.clock.now())
      throw timeout('DEADLINE_PASSED', 'Nobody waits for the answer');
    return runInCallContext({ deadline: call.deadline }, () =>
      withSpan(
        'grpc.server',
        { kind: SpanKind.SERVER, parent: call.traceparent, attributes: { 'rpc.method': path } },
        async () => {
          const response = await method(incoming.request, call);
          await this.options.pass?.('before-answer');
          return response;
        },
      ),
    );
  }

  private async identify(incoming: Unary): Promise<GrpcCall> {
    const { metadata } = incoming;
    const caller = await this.options.tokens.verify(textOf(metadata, SERVICE_TOKEN_HEADER));
    const tenant = textOf(metadata, TENANT_KEY);
    if (tenant === undefined) throw invalid('TENANT_MISSING', 'The call names no tenant');
    const deadline = new Date(incoming.getDeadline());
    return {
      tenant: tenantId(tenant),
      caller,
      traceparent: textOf(metadata, TRACE_KEY),
      deadline: Number.isNaN(deadline.getTime())
        ? new Date(this.options.clock.now().getTime() + DEFAULT_DEADLINE_MS)
        : deadline,
    };
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
