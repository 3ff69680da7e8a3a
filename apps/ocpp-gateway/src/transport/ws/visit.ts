import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { remoteAddress } from '@kilowatch/platform';
import { cameOverTls } from '../../domain/came-over-tls.js';
import type { TransportSecurity } from '../../domain/transport-security.js';
import type { ChargerPort } from './charger-port.js';
import { shownCertificate } from './shown-certificate.js';

/** A request to connect, and the wire it came over. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly remoteIp: string;
  readonly security: TransportSecurity;
}

const NOT_ASKED = { kind: 'not_asked' } as const;

export function visitOf(request: IncomingMessage, socket: Socket, head: Buffer, port: ChargerPort): Visit {
  const forwardedFor = header(request, 'x-forwarded-for');
  return {
    request,
    socket,
    head,
    remoteIp: remoteAddress(socket.remoteAddress ?? '', forwardedFor, port.forwardedHops),
    security: securityOf(request, socket, port),
  };
}

export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function securityOf(request: IncomingMessage, socket: Socket, port: ChargerPort): TransportSecurity {
  if (!(socket instanceof TLSSocket)) {
    const secure = cameOverTls(header(request, 'x-forwarded-proto'), port.forwardedHops);
    return { tls: secure ? 'proxy' : '', secure, certificate: NOT_ASKED };
  }
  return {
    tls: `${socket.getProtocol() ?? ''} ${socket.getCipher().standardName}`,
    // Whatever version a charger speaks there: the port allows what profile 2 forbids.
    secure: port.kind !== 'legacy_tls',
    certificate: port.kind === 'mtls' ? shownCertificate(socket) : NOT_ASKED,
  };
}
