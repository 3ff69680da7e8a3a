import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions, TlsOptions, TLSSocket } from 'node:tls';
import { counter, remoteAddress, type Logger } from '@kilowatch/platform';
import { UPLOAD_DEADLINE_MS } from '../../usecases/receive-upload.js';
import type { UploadDoor } from '../http/upload-door.js';
import type { AddressCounter } from './address-counter.js';
import type { ChargerPort } from './charger-port.js';
import type { UpgradeDoor } from './upgrade-door.js';
import { visitOf } from './visit.js';

const HEADER_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 8_192;
const MAX_HEADERS = 50;

const HANDSHAKE_TIMEOUT = 'ERR_TLS_HANDSHAKE_TIMEOUT';
const OPTIONS: ServerOptions = {
  headersTimeout: HEADER_TIMEOUT_MS,
  // A file over a mobile link; headers have their own, short one.
  requestTimeout: UPLOAD_DEADLINE_MS,
  keepAliveTimeout: 1_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: MAX_HEADER_BYTES,
  noDelay: true,
  keepAlive: true,
};

/** One port for chargers: an HTTP server, with or without TLS, that upgrades, and takes in the files that we asked for. */
export class OcppServer {
  private readonly server: Server | TlsServer;

  constructor(
    private readonly port: ChargerPort,
    private readonly door: UpgradeDoor,
    uploads: UploadDoor,
    private readonly addresses: AddressCounter,
    private readonly log: Logger,
    tls?: TlsOptions,
  ) {
    this.server = tls ? createTlsServer({ ...OPTIONS, ...tls }) : createServer(OPTIONS);
    this.server.maxHeadersCount = MAX_HEADERS;
    this.server.on('request', (request, response) => void uploads.knock(request, response));
    // The TCP connection, before TLS: a handshake that never ends counts too.
    this.server.on('connection', (socket: Socket) => this.count(socket));
    this.server.on('clientError', (_error, socket) => void socket.destroy());
    this.server.on(
      'upgrade',
      (request: IncomingMessage, socket: Socket, head: Buffer) =>
        void this.door.knock(visitOf(request, socket, head, this.port)),
    );
    if (tls) this.watchHandshakes();
  }

  /** New certificates for those who connect from now on; open connections keep theirs. */
  renew(options: SecureContextOptions): void {
    if (this.server instanceof TlsServer) this.server.setSecureContext(options);
  }

  /** Listens; port 0 picks a free one. Returns the port. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port, backlog: 4_096 }, resolve);
    });
    const bound = (this.server.address() as AddressInfo).port;
    this.log.info({ port: bound, kind: this.port.kind }, 'chargers welcome');
    return bound;
  }

  /** Open sockets stay; new connections are refused by the system. */
  async close(): Promise<void> {
    this.server.closeIdleConnections();
    await new Promise<void>((resolve) => {
      if (!this.server.listening) return resolve();
      this.server.close(() => resolve());
      // Upgraded sockets are no business of the server any more: it would wait for plain requests only.
      this.server.closeAllConnections();
    });
  }

  private watchHandshakes(): void {
    const { kind: port } = this.port;
    const handshakes = counter('kw_ocpp_tls_handshakes_total');
    this.server.on('secureConnection', (socket: TLSSocket) =>
      handshakes.inc({ port, outcome: socket.getProtocol() ?? 'unknown' }),
    );
    this.server.on('tlsClientError', (error: Error & { code?: string }, socket: TLSSocket) => {
      handshakes.inc({ port, outcome: error.code === HANDSHAKE_TIMEOUT ? 'timeout' : 'failed' });
      this.door.tlsFailed(error.code, remoteAddress(socket.remoteAddress ?? '', undefined, 0));
    });
  }

  private count(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    if (!this.addresses.enter(address)) {
      socket.destroy();
      return;
    }
    socket.once('close', () => this.addresses.leave(address));
  }
}
