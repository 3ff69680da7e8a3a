/** The parts of a WebSocket handshake (RFC 6455, 4.2.1) that are checked before anything costs us something. */
export interface HandshakeHeaders {
  readonly upgrade?: string | undefined;
  readonly 'sec-websocket-version'?: string | undefined;
  readonly 'sec-websocket-key'?: string | undefined;
}

const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** The HTTP status to refuse with; undefined when it is a proper handshake. */
export function handshakeFault(
  method: string | undefined,
  headers: HandshakeHeaders,
): 400 | 405 | 426 | undefined {
  if (method !== 'GET') return 405;
  if (headers.upgrade?.toLowerCase() !== 'websocket' || headers['sec-websocket-version'] !== '13') return 426;
  return KEY.test(headers['sec-websocket-key'] ?? '') ? undefined : 400;
}
