import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { rateLimited, toAppError } from '@kilowatch/kernel';
import { CLOCK, CONFIG, JwtVerifier, LOGGER, counter, type Logger } from '@kilowatch/platform';
import type { Clock } from '@kilowatch/kernel';
import { GraphQLError, type ExecutionArgs } from 'graphql';
import { handleProtocols, makeServer, type Context, type Server } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { GraphqlGatewayConfig } from '../../config.js';
import { accountKey, identify, type Identity } from '../../federation/identity.js';
import { FederatedApi } from '../graphql/federated-api.js';
import { refusalError } from '../graphql/format-error.js';
import { ResultStream } from './result-stream.js';
import { readSubscription, type SubscriptionRequest } from './read-subscription.js';
import { serveSocket, type SocketExtra } from './socket-adapter.js';
import { SubscriptionBridge, type Subscribed } from './subscription-bridge.js';

export const MAX_SUBSCRIPTIONS_PER_SOCKET = 50;
const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Close codes of the protocol: clients come back after 4403 (with a new token), not after 4429. */
const CLOSE = { forbidden: 4403, tooMany: 4429, goingAway: 1001, tryLater: 1013 } as const;

type SocketContext = Context<Record<string, unknown>, SocketExtra>;

/** The WebSocket end of /graphql: who may connect, for how long, with how many subscriptions. */
@Injectable()
export class SubscriptionSockets {
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  private readonly perAccount = new Map<string, number>();
  private readonly protocol: Server<SocketExtra>;

  constructor(
    @Inject(CONFIG) private readonly config: GraphqlGatewayConfig,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly verifier: JwtVerifier,
    private readonly api: FederatedApi,
    private readonly bridge: SubscriptionBridge,
  ) {
    this.protocol = makeServer<Record<string, unknown>, SocketExtra>({
      onConnect: (context) => this.connect(context),
      onSubscribe: (context, _id, payload) => this.read(context, payload),
      subscribe: (args) => this.subscribe(args as ExecutionArgs),
      onDisconnect: ({ extra }) => this.disconnect(extra),
    });
  }

  get size(): number {
    return this.sockets.clients.size;
  }

  /** Takes a connection that asks for an upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (pathOf(request) !== '/graphql') return refuseUpgrade(socket, '404 Not Found');
    if (this.size >= this.config.KW_MAX_SOCKETS) return refuseUpgrade(socket, '503 Service Unavailable');
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      serveSocket(webSocket, this.protocol, { socket: webSocket }, this.log);
    });
  }

  /** Tells every client to come back (to another process). */
  close(): void {
    for (const socket of this.sockets.clients) socket.close(CLOSE.goingAway, 'Going away');
    this.sockets.close();
  }

  terminate(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  /** `connection_init {authorization: 'Bearer ...'}`; subscriptions are for people who are signed in. */
  private async connect({ connectionParams, extra }: SocketContext): Promise<boolean> {
    const authorization = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
    if (typeof authorization !== 'string') return false;
    let identity: Identity;
    try {
      identity = await identify(this.verifier, authorization);
    } catch (thrown) {
      counter('kw_graphql_refused_total').inc({ reason: 'credentials' });
      if (toAppError(thrown).kind === 'UNAUTHENTICATED') return false;
      extra.socket.close(CLOSE.tryLater, 'Sign-in cannot be checked right now');
      return false;
    }
    const account = accountKey(identity);
    const open = (this.perAccount.get(account) ?? 0) + 1;
    if (open > this.config.KW_MAX_SOCKETS_PER_ACCOUNT) {
      extra.socket.close(CLOSE.tooMany, 'Too many connections');
      return false;
    }
    if (extra.socket.readyState !== extra.socket.OPEN) return false;
    this.perAccount.set(account, open);
    extra.identity = identity;
    extra.expiry = setTimeout(
      () => extra.socket.close(CLOSE.forbidden, 'The access token has expired'),
      Math.min(Math.max((identity.expiresAtMs ?? 0) - this.clock.now().getTime(), 0), MAX_TIMER_MS),
    );
    return true;
  }

  private disconnect({ identity, expiry }: SocketExtra): void {
    clearTimeout(expiry);
    if (!identity) return;
    const account = accountKey(identity);
    const open = (this.perAccount.get(account) ?? 1) - 1;
    if (open > 0) this.perAccount.set(account, open);
    else this.perAccount.delete(account);
  }

  private read(
    { extra, subscriptions }: SocketContext,
    payload: SubscriptionRequest,
  ): ExecutionArgs | readonly GraphQLError[] {
    try {
      if (!extra.identity) throw new Error('not connected');
      if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS_PER_SOCKET) {
        throw rateLimited('TOO_MANY_SUBSCRIPTIONS', `At most ${MAX_SUBSCRIPTIONS_PER_SOCKET} at a time`);
      }
      const { schema, limits, introspection } = this.api;
      const { document, ...read } = readSubscription(payload, schema, limits, !introspection);
      const subscribed: Subscribed = { ...read, identity: extra.identity };
      return { schema, document, operationName: payload.operationName ?? null, contextValue: subscribed };
    } catch (thrown) {
      counter('kw_graphql_refused_total').inc({ reason: 'subscription' });
      return [this.shown(thrown)];
    }
  }

  private async subscribe({ contextValue }: ExecutionArgs) {
    try {
      return await this.bridge.subscribe(contextValue as Subscribed);
    } catch (thrown) {
      const failed = new ResultStream(1, () => undefined);
      failed.fail(this.shown(thrown));
      return failed;
    }
  }

  private shown(thrown: unknown): GraphQLError {
    const error = thrown instanceof GraphQLError ? thrown : refusalError(toAppError(thrown));
    const { http: _, ...extensions } = error.extensions;
    if (extensions['code'] === 'INTERNAL_SERVER_ERROR')
      this.log.error({ err: thrown }, 'subscription failed');
    return new GraphQLError(error.message, {
      ...(error.nodes ? { nodes: error.nodes } : {}),
      extensions,
    });
  }
}

function pathOf({ url }: IncomingMessage): string {
  const query = url?.indexOf('?') ?? -1;
  return query < 0 ? (url ?? '') : (url ?? '').slice(0, query);
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
