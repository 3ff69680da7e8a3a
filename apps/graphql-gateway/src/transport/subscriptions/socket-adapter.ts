import type { Server } from 'graphql-ws';
import type { Logger } from '@kilowatch/platform';
import type { WebSocket } from 'ws';
import type { Identity } from '../../federation/identity.js';

export interface SocketExtra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  /** Set once the client has shown a good token. */
  identity?: Identity;
  expiry?: NodeJS.Timeout;
}

const PING_EVERY_MS = 15_000;
/** Written but not taken by the peer: a reader that far behind is cut off. */
const MAX_UNSENT_BYTES = 1_000_000;
/** Messages of a client in a window: nobody subscribes that often. */
const MAX_MESSAGES = 300;
const WINDOW_MS = 10_000;

/**
 * Joins a `ws` socket to the graphql-ws protocol: pings (two unanswered end the socket), a limit of messages, back
 * pressure. A result is asked for only when the one before was taken by the kernel.
 */
export function serveSocket(
  socket: WebSocket,
  server: Server<SocketExtra>,
  extra: SocketExtra,
  log: Logger,
): void {
  let alive = true;
  let messages = 0;
  const pinger = setInterval(() => {
    if (!alive || socket.bufferedAmount > MAX_UNSENT_BYTES) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_EVERY_MS);
  const window = setInterval(() => (messages = 0), WINDOW_MS);
  socket.on('pong', () => (alive = true));
  // Broken frames, oversized messages, resets: ws closes by itself.
  socket.on('error', (err) => log.debug({ err }, 'socket error'));

  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', (data) => {
          messages += 1;
          if (messages > MAX_MESSAGES) return socket.close(1008, 'Too many messages');
          handle((data as Buffer).toString('utf8')).catch((err: unknown) => {
            log.error({ err }, 'socket message failed');
            socket.close(1011, 'Internal error');
          });
        }),
    },
    extra,
  );
  socket.once('close', (code, reason) => {
    clearInterval(pinger);
    clearInterval(window);
    closed(code, reason.toString('utf8')).catch((err: unknown) => log.error({ err }, 'socket close failed'));
  });
}

function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  if (socket.bufferedAmount > MAX_UNSENT_BYTES) {
    socket.terminate();
    return Promise.resolve();
  }
  // A failed write is the socket's end, which its close event reports.
  return new Promise((resolve) => socket.send(data, () => resolve()));
}
