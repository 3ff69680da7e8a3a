import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from '@kilowatch/platform';
import { UPLOAD_DEADLINE_MS } from '../../usecases/receive-upload.js';
import type { UploadDoor } from '../http/upload-door.js';
import { AddressCounter } from './address-counter.js';
import type { UpgradeDoor } from './upgrade-door.js';

const HEADER_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 8_192;
const MAX_HEADERS = 50;

/** The charger port: an HTTP server that upgrades, and takes in the files that we asked for. */
export class OcppServer {
  private readonly server: Server;
  private readonly addresses: AddressCounter;

  constructor(
    door: UpgradeDoor,
    uploads: UploadDoor,
    maxSocketsPerAddress: number,
    private readonly log: Logger,
  ) {
    this.addresses = new AddressCounter(maxSocketsPerAddress);
    this.server = createServer(
      {
        headersTimeout: HEADER_TIMEOUT_MS,
        // A file over a mobile link; headers have their own, short one.
        requestTimeout: UPLOAD_DEADLINE_MS,
        keepAliveTimeout: 1_000,
        connectionsCheckingInterval: 2_000,
        maxHeaderSize: MAX_HEADER_BYTES,
        noDelay: true,
        keepAlive: true,
      },
      (request, response) => void uploads.knock(request, response),
    );
    this.server.maxHeadersCount = MAX_HEADERS;
    this.server.on('connection', (socket: Socket) => this.count(socket));
    this.server.on('clientError', (_error, socket) => void socket.destroy());
    this.server.on(
      'upgrade',
      (request: IncomingMessage, socket: Socket, head: Buffer) => void door.knock(request, socket, head),
    );
  }

  /** Listens; port 0 picks a free one. Returns the port. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port, backlog: 4_096 }, resolve);
    });
    const bound = (this.server.address() as AddressInfo).port;
    this.log.info({ port: bound }, 'chargers welcome');
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

  private count(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    if (!this.addresses.enter(address)) {
      socket.destroy();
      return;
    }
    socket.once('close', () => this.addresses.leave(address));
  }
}
