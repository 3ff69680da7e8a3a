import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Refusal {
  readonly status: number;
  readonly retryAfterSeconds?: number | undefined;
}

/** Answers an upgrade request with a plain HTTP response, without detail, and ends the connection. */
export function refuseUpgrade(socket: Duplex, { status, retryAfterSeconds }: Refusal): void {
  if (socket.destroyed) return;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Length: 0',
    ...(status === 401 ? ['WWW-Authenticate: Basic realm="ocpp", charset="UTF-8"'] : []),
    ...(status === 426 ? ['Upgrade: websocket'] : []),
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${Math.max(1, Math.ceil(retryAfterSeconds))}`]),
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
}
