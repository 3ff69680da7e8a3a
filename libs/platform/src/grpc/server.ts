import {
  Server,
  ServerCredentials,
  type UntypedServiceImplementation,
  type handleUnaryCall,
} from '@grpc/grpc-js';
import { common } from '@kilowatch/contracts';
import { SpanKind } from '@opentelemetry/api';
import { invalid, tenantId, timeout, toAppError, type AppError, type Clock } from '@kilowatch/kernel';
import { SERVICE_TOKEN_HEADER, type ServiceTokens } from '../auth/service-tokens.js';
import type { PassPoint } from '../crash/crash-points.js';
import type { Logger } from '../log/logger.js';
import { histogram } from '../trace/metrics.js';
import { withSpan } from '../trace/span.js';
import { serveBundle, type ArrivedCall, type ServeBytes } from './bundle-server.js';
import { runInCallContext } from './call-context.js';
import { TENANT_KEY, TRACE_KEY, statusFromError, textOf } from './metadata.js';
import type { GrpcCall, GrpcImplementation, GrpcService } from './types.js';

/** A caller that names no deadline gets this one. */
const DEFAULT_DEADLINE_MS = 30_000;

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

  /** Of calls that come in bundles, by path. */
  private readonly bundled = new Map<string, ServeBytes>();

  constructor(private readonly options: GrpcServerOptions) {
    const carry: common.CallBundleServiceServer['carry'] = (stream) => serveBundle(stream, this.bundled);
    this.server.addService(common.CallBundleServiceService, { carry });
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
      this.bundled.set(path, async (request, call) =>
        responseSerialize(await this.answer(path, method, requestDeserialize(request), call)),
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
      const arrived = { metadata: call.metadata, deadline: call.getDeadline() };
      this.answer(path, method, call.request, arrived).then(
        (response) => callback(null, response),
        (error: unknown) => callback(statusFromError(toAppError(error))),
      );
    };
  }

  /** @throws AppError */
  private async answer(
    path: string,
    method: Method,
    request: unknown,
    arrived: ArrivedCall,
  ): Promise<unknown> {
    const observe = histogram('kw_grpc_server_seconds').startTimer({ method: path });
    try {
      const response = await this.serve(path, method, request, await this.identify(arrived));
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

  private async identify({ metadata, deadline: wished, bundled }: ArrivedCall): Promise<GrpcCall> {
    const caller = await this.options.tokens.verify(textOf(metadata, SERVICE_TOKEN_HEADER));
    const tenant = bundled ? bundled.tenant : textOf(metadata, TENANT_KEY);
    if (!tenant) throw invalid('TENANT_MISSING', 'The call names no tenant');
    const traceparent = bundled ? bundled.traceparent : textOf(metadata, TRACE_KEY);
    const deadline = new Date(wished);
    return {
      tenant: tenantId(tenant),
      caller,
      traceparent: traceparent === '' ? undefined : traceparent,
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
