import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { toAppError, type Clock, type IdSource } from '@kilowatch/kernel';
import { stationFromPath } from '@kilowatch/ocpp';
import { counter, remoteAddress, type Logger } from '@kilowatch/platform';
import type { WebSocket } from 'ws';
import { isForeignBrowser } from '../../domain/browser-origin.js';
import { cameOverTls } from '../../domain/came-over-tls.js';
import { handshakeFault } from '../../domain/handshake-request.js';
import type { Taken } from '../../domain/ownership.js';
import { RateGate } from '../../domain/rate-gate.js';
import type { RefusalReason } from '../../domain/refusal-advice.js';
import type { Station } from '../../domain/station.js';
import type { AdmitStation, Admitted } from '../../usecases/admit-station.js';
import type { ConnectionOwnership } from '../../usecases/connection-ownership.js';
import type { Attempt, WireJournal } from '../../usecases/wire-journal.js';
import { Handshakes } from './handshakes.js';
import { refuseUpgrade, type Refusal } from './http-refusal.js';

export interface DoorLimits {
  readonly acceptPerSecond: number;
  readonly maxHandshakes: number;
  readonly forwardedHops: number;
  readonly publicHost: string;
  /** permessage-deflate for 2.x. */
  readonly compression: boolean;
  /** Whose log it is when a charger names no tenant. */
  readonly defaultTenant: string;
}

type Reasoned = Refusal & { readonly reason: RefusalReason };

export type Opened = (ws: WebSocket, station: Station, previous: Taken['previous']) => void;

const PROTOCOL_ERROR = 1002;

/**
 * From an HTTP upgrade to an owned connection: cheap checks first, then credentials, then the pace at which chargers may come
 * in, then the row that makes it the station's owner; the handshake is only completed after its commit.
 */
export class UpgradeDoor {
  private readonly gate: RateGate;
  private readonly handshaker: Handshakes;
  private handshakes = 0;
  private closed = false;

  constructor(
    private readonly limits: DoorLimits,
    private readonly admitStation: AdmitStation,
    private readonly ownership: ConnectionOwnership,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    private readonly log: Logger,
    private readonly journal: Pick<WireJournal, 'attempt'>,
    /** Whether this process may hold (another) socket of the tenant. */
    private readonly hasRoom: (tenant: string, stationId: string) => boolean,
    private readonly opened: Opened,
  ) {
    this.gate = new RateGate(limits.acceptPerSecond);
    this.handshaker = new Handshakes(limits.compression);
  }

  /** From now on chargers are sent away with 503. */
  close(): void {
    this.closed = true;
  }

  async knock(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    socket.on('error', ignore);
    const refusal = this.refusalAtSight(request);
    if (refusal) return this.refuse(request, socket, refusal);
    this.handshakes++;
    try {
      await this.letIn(request, socket, head);
    } catch (thrown) {
      this.log.warn({ err: toAppError(thrown) }, 'connection could not be taken');
      this.refuse(request, socket, {
        status: 503,
        retryAfterSeconds: this.someSeconds(),
        reason: 'not_taken',
      });
    } finally {
      this.handshakes--;
    }
  }

  private refusalAtSight(request: IncomingMessage): Reasoned | undefined {
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
    const remoteIp = this.remoteIp(request, socket);
    const admission = await this.admitStation.admit({
      url: request.url ?? '',
      authorization: request.headers.authorization,
      subprotocols: header(request, 'sec-websocket-protocol'),
      remoteIp,
      overTls: this.overTls(request),
    });
    if (!admission.ok) return this.refuse(request, socket, admission);
    if (admission.version === undefined) return this.closeWithoutProtocol(request, socket, head);
    if (!this.hasRoom(admission.tenant, admission.stationId)) {
      return this.refuse(request, socket, {
        status: 503,
        retryAfterSeconds: this.someSeconds(),
        reason: 'tenant_full',
      });
    }
    if (this.closed || !this.gate.tryPass(this.clock.now().getTime())) {
      return this.refuse(request, socket, {
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
      this.refuse(request, socket, {
        status: 503,
        retryAfterSeconds: this.someSeconds(),
        reason: 'left_or_draining',
      });
      return this.ownership.release(station, 1006, 'gone in handshake');
    }
    const open = this.handshaker.complete(request, socket, head, admission, (ws) => {
      socket.off('error', ignore);
      this.journal.attempt({
        ...this.sighting(request, socket),
        tenant,
        identity,
        stationId,
        connectionId,
        outcome: 'ACCEPTED',
        reason: '',
        httpStatus: 101,
        protocol,
        securityProfile,
      });
      this.opened(ws, station, previous);
    });
    if (!open) await this.ownership.release(station, 1006, 'handshake refused');
  }

  /** OCPP-J 1.6 section 3.1.2: complete the handshake without a subprotocol, then close. */
  private closeWithoutProtocol(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.noteRefusal(request, socket, 'subprotocol_unsupported', 101);
    const nothing = { version: undefined, subprotocol: null };
    this.handshaker.complete(request, socket, head, nothing, (ws) => {
      ws.on('error', ignore);
      ws.close(PROTOCOL_ERROR, 'no common subprotocol');
    });
  }

  private refuse(request: IncomingMessage, socket: Socket, refusal: Reasoned): void {
    this.noteRefusal(request, socket, refusal.reason, refusal.status);
    refuseUpgrade(socket, refusal);
  }

  private noteRefusal(
    request: IncomingMessage,
    socket: Socket,
    reason: RefusalReason,
    httpStatus: number,
  ): void {
    counter('kw_ocpp_refused_total').inc({ reason });
    const path = stationFromPath(request.url ?? '');
    this.journal.attempt({
      ...this.sighting(request, socket),
      tenant: (path.ok ? path.tenant : null) ?? this.limits.defaultTenant,
      identity: path.ok ? path.identity : '',
      stationId: null,
      connectionId: null,
      outcome: 'REFUSED',
      reason,
      httpStatus,
      protocol: '',
      securityProfile: null,
    });
  }

  /** What the operator who set the charger up must know (Q5). The URL may hold no credentials: those are a header. */
  private sighting(
    request: IncomingMessage,
    socket: Socket,
  ): Pick<Attempt, 'url' | 'subprotocols' | 'tls' | 'remoteIp' | 'userAgent'> {
    return {
      url: request.url ?? '',
      subprotocols: header(request, 'sec-websocket-protocol') ?? '',
      tls: this.overTls(request) ? 'proxy' : '',
      remoteIp: this.remoteIp(request, socket),
      userAgent: header(request, 'user-agent') ?? '',
    };
  }

  private remoteIp(request: IncomingMessage, socket: Socket): string {
    const forwarded = header(request, 'x-forwarded-for');
    return remoteAddress(socket.remoteAddress ?? '', forwarded, this.limits.forwardedHops);
  }

  private overTls(request: IncomingMessage): boolean {
    return cameOverTls(header(request, 'x-forwarded-proto'), this.limits.forwardedHops);
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
