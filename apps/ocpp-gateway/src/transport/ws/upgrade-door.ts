import { toAppError, type Clock, type IdSource } from '@kilowatch/kernel';
import { stationFromPath, type Deviation } from '@kilowatch/ocpp';
import { counter, type Logger } from '@kilowatch/platform';
import type { WebSocket } from 'ws';
import { isForeignBrowser } from '../../domain/browser-origin.js';
import { handshakeFault } from '../../domain/handshake-request.js';
import type { Taken } from '../../domain/ownership.js';
import { RateGate } from '../../domain/rate-gate.js';
import { isSuspicious, type RefusalReason } from '../../domain/refusal-advice.js';
import type { Station } from '../../domain/station.js';
import { shownUrl } from '../../domain/shown-url.js';
import { tlsFailure } from '../../domain/tls-failure.js';
import type { AdmitStation, Admitted } from '../../usecases/admit-station.js';
import type { ConnectionOwnership } from '../../usecases/connection-ownership.js';
import type { Attempt, WireJournal } from '../../usecases/wire-journal.js';
import { Handshakes } from './handshakes.js';
import { refuseUpgrade, type Refusal } from './http-refusal.js';
import { header, type Visit } from './visit.js';

export interface DoorLimits {
  readonly acceptPerSecond: number;
  readonly maxHandshakes: number;
  readonly publicHost: string;
  /** permessage-deflate for 2.x. */
  readonly compression: boolean;
  /** Whose log it is when a charger names no tenant. */
  readonly defaultTenant: string;
}

type Reasoned = Refusal & { readonly reason: RefusalReason };

export type Opened = (
  ws: WebSocket,
  station: Station,
  previous: Taken['previous'],
  /** Of the handshake. */
  deviations: readonly Deviation[],
) => void;

const PROTOCOL_ERROR = 1002;
/** Lines in the log for those who knock without end. */
const AUDITS_PER_SECOND = 10;

/**
 * From an HTTP upgrade to an owned connection: cheap checks first, then credentials, then the pace at which chargers may come
 * in, then the row that makes it the station's owner; the handshake is only completed after its commit.
 */
export class UpgradeDoor {
  private readonly gate: RateGate;
  private readonly audits = new RateGate(AUDITS_PER_SECOND);
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

  async knock(visit: Visit): Promise<void> {
    visit.socket.on('error', ignore);
    const refusal = this.refusalAtSight(visit);
    if (refusal) return this.refuse(visit, refusal);
    this.handshakes++;
    try {
      await this.letIn(visit);
    } catch (thrown) {
      this.log.warn({ err: toAppError(thrown) }, 'connection could not be taken');
      this.refuse(visit, this.later('not_taken'));
    } finally {
      this.handshakes--;
    }
  }

  /** Nobody came as far as the door: TLS did not get through. */
  tlsFailed(code: string | undefined, remoteIp: string): void {
    const reason = tlsFailure(code);
    if (reason === undefined) return;
    counter('kw_ocpp_refused_total').inc({ reason });
    this.log.debug({ code, remoteIp }, 'TLS handshake failed');
    this.journal.attempt({
      ...NO_STATION,
      tenant: this.limits.defaultTenant,
      identity: '',
      reason,
      httpStatus: 0,
      url: '',
      subprotocols: '',
      tls: code ?? '',
      remoteIp,
      userAgent: '',
    });
  }

  private refusalAtSight({ request }: Visit): Reasoned | undefined {
    const fault = handshakeFault(request.method, request.headers);
    if (fault !== undefined) return { status: fault, reason: 'handshake' };
    if (this.closed) return this.later('draining');
    if (isForeignBrowser(request.headers, this.limits.publicHost))
      return { status: 403, reason: 'browser_origin' };
    return this.handshakes >= this.limits.maxHandshakes ? this.later('handshakes') : undefined;
  }

  private async letIn(visit: Visit): Promise<void> {
    const { request, remoteIp, security } = visit;
    const admission = await this.admitStation.admit({
      url: request.url ?? '',
      authorization: request.headers.authorization,
      subprotocols: header(request, 'sec-websocket-protocol'),
      remoteIp,
      security,
    });
    if (!admission.ok) return this.refuse(visit, admission);
    if (admission.version === undefined) return this.closeWithoutProtocol(visit);
    if (!this.hasRoom(admission.tenant, admission.stationId))
      return this.refuse(visit, this.later('tenant_full'));
    if (this.closed || !this.gate.tryPass(this.clock.now().getTime()))
      return this.refuse(visit, this.later('accept_rate'));
    await this.own({ ...admission, version: admission.version }, visit);
  }

  private async own(
    admission: Admitted & { version: NonNullable<Admitted['version']> },
    visit: Visit,
  ): Promise<void> {
    const { request, socket, head, remoteIp } = visit;
    const { tenant, stationId, identity, version, protocol, securityProfile } = admission;
    const { credentialId, provisional, pinged } = admission;
    const connectionId = this.ids.newId();
    const candidate = {
      tenant,
      stationId,
      identity,
      version,
      protocol,
      securityProfile,
      credentialId,
      provisional,
      pinged,
      remoteIp,
      connectionId,
    };
    const { generation, previous } = await this.ownership.take(candidate);
    const station: Station = { ...candidate, generation };
    if (this.closed || socket.destroyed || !socket.writable) {
      this.refuse(visit, this.later('left_or_draining'));
      return this.ownership.release(station, 1006, 'gone in handshake');
    }
    const open = this.handshaker.complete(request, socket, head, admission, (ws) => {
      socket.off('error', ignore);
      this.journal.attempt({
        ...sighting(visit),
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
      this.opened(ws, station, previous, admission.deviations);
    });
    if (!open) await this.ownership.release(station, 1006, 'handshake refused');
  }

  /** OCPP-J 1.6 section 3.1.2: complete the handshake without a subprotocol, then close. */
  private closeWithoutProtocol(visit: Visit): void {
    this.noteRefusal(visit, 'subprotocol_unsupported', 101);
    const nothing = { version: undefined, subprotocol: null };
    this.handshaker.complete(visit.request, visit.socket, visit.head, nothing, (ws) => {
      ws.on('error', ignore);
      ws.close(PROTOCOL_ERROR, 'no common subprotocol');
    });
  }

  private refuse(visit: Visit, refusal: Reasoned): void {
    this.noteRefusal(visit, refusal.reason, refusal.status);
    refuseUpgrade(visit.socket, refusal);
  }

  private noteRefusal(visit: Visit, reason: RefusalReason, httpStatus: number): void {
    counter('kw_ocpp_refused_total').inc({ reason });
    const path = stationFromPath(visit.request.url ?? '');
    const tenant = (path.ok ? path.tenant : null) ?? this.limits.defaultTenant;
    const identity = path.ok ? path.identity : '';
    // 401 only asks for a password, as a first request without one is answered.
    if (httpStatus === 403 && isSuspicious(reason)) this.audit(reason, tenant, identity, visit.remoteIp);
    this.journal.attempt({ ...NO_STATION, ...sighting(visit), tenant, identity, reason, httpStatus });
  }

  private audit(reason: RefusalReason, tenant: string, identity: string, remoteIp: string): void {
    if (!this.audits.tryPass(this.clock.now().getTime())) return;
    this.log.warn({ audit: 'station_refused', reason, tenant, identity, remoteIp }, 'station refused');
  }

  private later(reason: RefusalReason): Reasoned {
    return { status: 503, retryAfterSeconds: this.someSeconds(), reason };
  }

  /** Not the same for all, in case a charger heeds it. */
  private someSeconds(): number {
    return 5 + (this.ids.randomInt31() % 26);
  }
}

/** Of an attempt that came to nothing. */
const NO_STATION = {
  stationId: null,
  connectionId: null,
  outcome: 'REFUSED',
  protocol: '',
  securityProfile: null,
} as const;

/** What the operator who set the charger up must know (Q5). */
function sighting({
  request,
  remoteIp,
  security: { tls },
}: Visit): Pick<Attempt, 'url' | 'subprotocols' | 'tls' | 'remoteIp' | 'userAgent'> {
  return {
    url: shownUrl(request.url ?? ''),
    subprotocols: header(request, 'sec-websocket-protocol') ?? '',
    tls,
    remoteIp,
    userAgent: header(request, 'user-agent') ?? '',
  };
}

function ignore(): void {
  // A socket without an error listener would end the process; what happened shows when it closes.
}
