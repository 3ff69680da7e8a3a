import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { toAppError, type Clock, type IdSource } from '@kilowatch/kernel';
import { counter, type Logger } from '@kilowatch/platform';
import { WebSocketServer, type WebSocket } from 'ws';
import { isForeignBrowser } from '../../domain/browser-origin.js';
import { handshakeFault } from '../../domain/handshake-request.js';
import type { Taken } from '../../domain/ownership.js';
import { RateGate } from '../../domain/rate-gate.js';
import { remoteAddress } from '../../domain/remote-address.js';
import type { Station } from '../../domain/station.js';
import type { AdmitStation, Admitted } from '../../usecases/admit-station.js';
import type { ConnectionOwnership } from '../../usecases/connection-ownership.js';
import { refuseUpgrade, type Refusal } from './http-refusal.js';

export interface DoorLimits {
  readonly acceptPerSecond: number;
  readonly maxHandshakes: number;
  readonly forwardedHops: number;
  readonly publicHost: string;
}

export type Opened = (ws: WebSocket, station: Station, previous: Taken['previous']) => void;

/** Largest message: NotifyReport and signed meter values reach tens of kB. ws closes with 1009 beyond it. */
const MAX_PAYLOAD = 256 * 1024;
const MAX_FRAGMENTS = 64;
const MAX_CHUNKS = 4_096;
const CLOSE_TIMEOUT_MS = 5_000;
const PROTOCOL_ERROR = 1002;

/**
 * From an HTTP upgrade to an owned connection: cheap checks first, then credentials, then the pace at which chargers may come
 * in, then the row that makes it the station's owner; the handshake is only completed after its commit.
 */
export class UpgradeDoor {
  private readonly gate: RateGate;
  private readonly protocols = new WeakMap<IncomingMessage, string>();
  private readonly wss: WebSocketServer;
  private handshakes = 0;
  private closed = false;

  constructor(
    private readonly limits: DoorLimits,
    private readonly admitStation: AdmitStation,
    private readonly ownership: ConnectionOwnership,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    private readonly log: Logger,
    private readonly opened: Opened,
  ) {
    this.gate = new RateGate(limits.acceptPerSecond);
    this.wss = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_CHUNKS,
      closeTimeout: CLOSE_TIMEOUT_MS,
      handleProtocols: (_offered, request) => this.protocols.get(request) ?? false,
    } as ConstructorParameters<typeof WebSocketServer>[0]);
  }

  /** From now on chargers are sent away with 503. */
  close(): void {
    this.closed = true;
  }

  async knock(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    socket.on('error', ignore);
    const refusal = this.refusalAtSight(request);
    if (refusal) return this.refuse(socket, refusal);
    this.handshakes++;
    try {
      await this.letIn(request, socket, head);
    } catch (thrown) {
      this.log.warn({ err: toAppError(thrown) }, 'connection could not be taken');
      this.refuse(socket, { status: 503, retryAfterSeconds: this.someSeconds(), reason: 'not_taken' });
    } finally {
      this.handshakes--;
    }
  }

  private refusalAtSight(request: IncomingMessage): (Refusal & { reason: string }) | undefined {
    const fault = handshakeFault(request.method, request.headers);
    if (fault !== undefined) return { status: fault, reason: 'handshake' };
    if (this.closed) return { status: 503, retryAfterSeconds: this.someSeconds(), reason: 'draining' };
    if (isForeignBrowser(request.headers, this.limits.publicHost))
      return { status: 403, reason: 'browser_origin' };
    if (this.handshakes >= this.limits.maxHandshakes) {
      return { status: 503, retryAfterSeconds: this.someSeconds(), reason: 'handshakes' };
    }
    return undefined;
  }

  private async letIn(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const forwarded = header(request, 'x-forwarded-for');
    const { forwardedHops } = this.limits;
    const remoteIp = remoteAddress(socket.remoteAddress ?? '', forwarded, forwardedHops);
    const admission = await this.admitStation.admit({
      url: request.url ?? '',
      authorization: request.headers.authorization,
      subprotocols: header(request, 'sec-websocket-protocol'),
      remoteIp,
      overTls: forwardedHops > 0 && header(request, 'x-forwarded-proto') === 'https',
    });
    if (!admission.ok) return refuseUpgrade(socket, admission);
    if (admission.version === undefined) return this.closeWithoutProtocol(request, socket, head);
    if (this.closed || !this.gate.tryPass(this.clock.now().getTime())) {
      return this.refuse(socket, {
        status: 503,
        retryAfterSeconds: this.someSeconds(),
        reason: 'accept_rate',
      });
    }
    await this.own({ ...admission, version: admission.version }, remoteIp, request, socket, head);
  }

  private async own(
    admission: Admitted & { version: NonNullable<Admitted['version']> },
    remoteIp: string,
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
  ): Promise<void> {
    const { tenant, stationId, identity, version, protocol, securityProfile } = admission;
    const connectionId = this.ids.newId();
    const candidate = {
      tenant,
      stationId,
      identity,
      version,
      protocol,
      securityProfile,
      remoteIp,
      connectionId,
    };
    const { generation, previous } = await this.ownership.take(candidate);
    const station: Station = { ...candidate, generation };
    if (this.closed || socket.destroyed || !socket.writable) {
      this.refuse(socket, { status: 503, retryAfterSeconds: this.someSeconds(), reason: 'left_or_draining' });
      return this.ownership.release(station, 1006, 'gone in handshake');
    }
    if (admission.subprotocol !== null) this.protocols.set(request, admission.subprotocol);
    let open = false;
    this.wss.handleUpgrade(request, socket, head, (ws) => {
      open = true;
      socket.off('error', ignore);
      this.opened(ws, station, previous);
    });
    // Calls back at once, or has refused the request.
    if (!open) await this.ownership.release(station, 1006, 'handshake refused');
  }

  /** OCPP-J 1.6 section 3.1.2: complete the handshake without a subprotocol, then close. */
  private closeWithoutProtocol(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.wss.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', ignore);
      ws.close(PROTOCOL_ERROR, 'no common subprotocol');
    });
  }

  private refuse(socket: Socket, refusal: Refusal & { reason: string }): void {
    counter('kw_ocpp_refused_total').inc({ reason: refusal.reason });
    refuseUpgrade(socket, refusal);
  }

  /** Not the same for all, in case a charger heeds it. */
  private someSeconds(): number {
    return 5 + (this.ids.randomInt31() % 26);
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function ignore(): void {
  // A socket without an error listener would end the process; what happened shows when it closes.
}
