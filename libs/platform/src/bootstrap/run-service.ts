import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger as NestLogger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { invalid } from '@kilowatch/kernel';
import { ServiceTokens } from '../auth/service-tokens.js';
import { LOG_LEVELS } from '../config/base-shape.js';
import { redacted } from '../config/config.js';
import { GrpcServer } from '../grpc/server.js';
import type { GrpcImplementation } from '../grpc/types.js';
import { addOperationalRoutes } from '../http/operational-routes.js';
import { frameworkLogger } from './framework-logger.js';
import { createLogger, type Logger } from '../log/logger.js';
import { NO_LIMIT_MS, Shutdown } from '../shutdown/shutdown.js';
import { collectProcessMetrics } from '../trace/metrics.js';
import { endWithParent, watchProcess } from './process-watch.js';
import { backgroundWork, startBackgroundWork, type BackgroundWork } from './background-work.js';
import { connectInfrastructure, serviceLogger, type Infrastructure } from './infrastructure.js';
import { serviceModule } from './service-module.js';
import type { ServiceOptions } from './service-options.js';

const MAX_BODY_BYTES = 256 * 1024;
/** Time for calls in flight to finish when the service stops. */
const DRAIN_MS = 8_000;

export interface RunningService {
  readonly name: string;
  readonly app: NestExpressApplication;
  /** For upgrades (WebSocket). */
  readonly httpServer: Server;
  readonly httpPort: number;
  /** Undefined in a service without gRPC methods. */
  readonly grpcPort: number | undefined;
  readonly background: BackgroundWork;
  /** Any provider, by class or token. */
  get<T>(token: Type<T> | symbol | string): T;
  /** Drains and closes everything, as SIGTERM does. */
  close(): Promise<void>;
}

export interface RunningTogether {
  /** In the order they were started. */
  readonly services: readonly RunningService[];
  /** Closes all of them, as SIGTERM does. */
  close(): Promise<void>;
}

/**
 * Starts a service: NATS, database, outbox relay, Nest, jobs, consumers, gRPC, HTTP; ready only after all of them.
 * Stops in the reverse order on SIGTERM. Rejects, with everything closed again, when a part does not start.
 */
export async function runService(options: ServiceOptions): Promise<RunningService> {
  const { name, config } = options;
  const logger = serviceLogger(options);
  return withProcess({ name, config, logger }, (shutdown) => start(options, logger, shutdown));
}

/**
 * Starts services one after the other in this process, as `runService` would each in its own (docs/adr/0023-services-in-one-process.md).
 * Each has its database role, connections, ports and log lines. On SIGTERM they stop in the reverse order: the doors to the outside go
 * last into the list. An error that one of them does not catch ends them all. Rejects, with all closed again, when one does not start.
 * @throws CONFIG_INVALID when they disagree about what there is once in a process
 */
export async function runTogether(services: readonly ServiceOptions[]): Promise<RunningTogether> {
  const [first] = services;
  if (!first) throw new Error('there is no service to run');
  const { config } = first;
  for (const setting of ONCE_IN_A_PROCESS) {
    const differing = services.filter((service) => service.config[setting] !== config[setting]);
    if (differing.length === 0) continue;
    const names = [first, ...differing].map((service) => service.name).join(', ');
    throw invalid(
      'CONFIG_INVALID',
      `${setting}: is the same for all services of a process; not for ${names}`,
    );
  }
  const name = 'together';
  const level = LOG_LEVELS.find((wanted) =>
    services.some((service) => service.config.KW_LOG_LEVEL === wanted),
  );
  const logger = first.logger ?? createLogger({ service: name, ...(level ? { level } : {}) });
  return withProcess({ name, config, logger }, async (shutdown) => {
    const running: RunningService[] = [];
    for (const options of services) {
      if (shutdown.begun) break;
      const own = serviceLogger(options);
      const closing = new Shutdown(own);
      // Before it starts: what is there of a service that does not start is closed, too.
      shutdown.onClose(options.name, () => closing.run(), NO_LIMIT_MS);
      running.push(await start(options, own, closing));
    }
    // Nest has one logger in a process, by now that of the service that started last.
    NestLogger.overrideLogger(frameworkLogger(logger));
    if (!shutdown.begun) logger.info({ services: running.map((service) => service.name) }, 'all started');
    return { services: running, close: () => shutdown.run() };
  });
}

const ONCE_IN_A_PROCESS = ['KW_TRACE_EXPORT', 'KW_EXIT_ON_STDIN_CLOSE'] as const;

/** What there is once in a process, whatever runs in it: signals, its end, traces, metrics. */
async function withProcess<T>(
  { name, config, logger }: Pick<ServiceOptions, 'name' | 'config'> & { readonly logger: Logger },
  run: (shutdown: Shutdown) => Promise<T>,
): Promise<T> {
  const shutdown = new Shutdown(logger);
  const unwatch = watchProcess(logger, () => shutdown.run());
  shutdown.onClose('process handlers', async () => unwatch());
  if (config.KW_EXIT_ON_STDIN_CLOSE) endWithParent(() => shutdown.run());
  try {
    await startTracing(name, config, shutdown);
    collectProcessMetrics();
    return await run(shutdown);
  } catch (err) {
    logger.fatal({ err }, 'start failed');
    await shutdown.run();
    throw err;
  }
}

async function start(options: ServiceOptions, logger: Logger, shutdown: Shutdown): Promise<RunningService> {
  const { name, config } = options;
  logger.info({ config: redacted(config) }, 'starting');
  const infrastructure = await connectInfrastructure(options, logger, shutdown);
  const app = await createApp(options, infrastructure);
  shutdown.onClose('application', () => app.close(), options.stopWithinMs);
  await app.init();

  const grpc = grpcServer(options, app, infrastructure);
  if (grpc) shutdown.onClose('grpc', () => grpc.close(DRAIN_MS));
  const background = backgroundWork(options, infrastructure, (type) => app.get(type, { strict: false }));
  startBackgroundWork(background, shutdown);
  const grpcPort = await grpc?.listen(config.KW_BIND_HOST, config.KW_GRPC_PORT);
  await app.listen(config.KW_HTTP_PORT, config.KW_BIND_HOST);
  const httpServer = app.getHttpServer() as Server;
  const httpPort = (httpServer.address() as AddressInfo).port;
  const { health } = infrastructure;
  shutdown.onClose('readiness', async () => health.markDraining());
  health.markStarted();
  logger.info({ httpPort, grpcPort }, 'listening');
  return {
    name,
    app,
    httpServer,
    httpPort,
    grpcPort,
    background,
    get: (token) => app.get(token, { strict: false }),
    close: () => shutdown.run(),
  };
}

async function createApp(
  options: ServiceOptions,
  infrastructure: Infrastructure,
): Promise<NestExpressApplication> {
  const root = await serviceModule(options, infrastructure);
  const app = await NestFactory.create<NestExpressApplication>(root, {
    logger: frameworkLogger(infrastructure.logger),
    abortOnError: false,
    bodyParser: false,
  });
  const express = app.getHttpAdapter().getInstance();
  addOperationalRoutes(express, infrastructure.health);
  app.useBodyParser('json', { limit: MAX_BODY_BYTES });
  if (options.graphql) {
    const { operationScope } = await import('../graphql/operation.js');
    app.use('/graphql', operationScope(infrastructure.clock));
  }
  return app;
}

function grpcServer(
  options: ServiceOptions,
  app: NestExpressApplication,
  { clock, logger, pass }: Infrastructure,
): GrpcServer | undefined {
  if (!options.grpc || options.grpc.length === 0) return undefined;
  const server = new GrpcServer({ tokens: app.get(ServiceTokens, { strict: false }), clock, logger, pass });
  for (const { service, implementation } of options.grpc) {
    server.add(service, app.get<GrpcImplementation<typeof service>>(implementation, { strict: false }));
  }
  return server;
}

async function startTracing(
  name: string,
  { KW_TRACE_EXPORT: target }: ServiceOptions['config'],
  shutdown: Shutdown,
): Promise<void> {
  if (target === 'none') return;
  const tracing = (await import('../trace/tracing.js')).startTracing(name, target);
  shutdown.onClose('tracing', () => tracing.close());
}
