import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONFIG, HealthState, JwtVerifier, LOGGER, type Logger } from '@kilowatch/platform';
import type { GraphqlGatewayConfig } from '../../config.js';
import { FederatedApi } from '../graphql/federated-api.js';
import { SubscriptionSockets } from '../subscriptions/subscription-sockets.js';
import { publicApp } from './public-app.js';

/** Time for requests in flight to finish; the platform gives the whole step 10 s. */
const DRAIN_MS = 8_000;

/** The one port that faces the internet: GraphQL over HTTP and WebSocket, and the portal. */
@Injectable()
export class PublicServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: Server | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: GraphqlGatewayConfig,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly health: HealthState,
    private readonly verifier: JwtVerifier,
    private readonly api: FederatedApi,
    private readonly sockets: SubscriptionSockets,
  ) {}

  get port(): number {
    return (this.server?.address() as AddressInfo).port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { config, api, verifier, log, health, sockets } = this;
    await api.start();
    const portalDirectory = config.KW_PORTAL_DIR;
    const draining = () => health.draining;
    const forwardedHops = config.KW_PUBLIC_FORWARDED_HOPS;
    const app = publicApp({ api, verifier, portalDirectory, forwardedHops, draining, log });
    // Slow senders: headers and whole requests have a time each (Node closes the connection with 408).
    const server = createServer(
      { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 },
      app,
    );
    server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.KW_PUBLIC_PORT, config.KW_BIND_HOST, resolve);
    });
    this.server = server;
    log.info({ publicPort: this.port }, 'public port open');
  }

  /** Sockets are told to come back, requests in flight end, then the executor stops. */
  async beforeApplicationShutdown(): Promise<void> {
    const { server, sockets, api } = this;
    if (!server) return; // it never started
    sockets.close();
    await drained(server, () => {
      sockets.terminate();
      server.closeAllConnections();
    });
    await api.stop();
  }
}

function drained(server: Server, force: () => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(force, DRAIN_MS);
    // A kept-alive connection whose last answer went out after the drain began would stay open.
    const sweeper = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(sweeper);
      resolve();
    });
  });
}
