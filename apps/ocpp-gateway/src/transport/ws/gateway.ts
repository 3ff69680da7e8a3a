import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import {
  CLOCK,
  CONFIG,
  IDS,
  LOGGER,
  NatsLink,
  UnderWay,
  counter,
  gauge,
  within,
  type Logger,
} from '@kilowatch/platform';
import type { WebSocket } from 'ws';
import type { GatewayConfig } from '../../config.js';
import { drainPlan } from '../../domain/drain-plan.js';
import { isSuperseded, type Taken } from '../../domain/ownership.js';
import type { Station } from '../../domain/station.js';
import { AdmitStation } from '../../usecases/admit-station.js';
import { AnswerCall } from '../../usecases/answer-call.js';
import { CareForStation } from '../../usecases/care-for-station.js';
import { ConnectionOwnership } from '../../usecases/connection-ownership.js';
import { DeliverCommand } from '../../usecases/deliver-command.js';
import { DisconnectStation } from '../../usecases/disconnect-station.js';
import type { Takeover } from '../../usecases/gateway-subjects.js';
import { OfferUpload } from '../../usecases/offer-upload.js';
import { ReadingBatcher } from '../../usecases/reading-batcher.js';
import { ReceiveUpload } from '../../usecases/receive-upload.js';
import { StationDeviations } from '../../usecases/station-deviations.js';
import { WireJournal } from '../../usecases/wire-journal.js';
import { UploadDoor } from '../http/upload-door.js';
import { CommandInbox } from '../nats/command-inbox.js';
import { TakeoverNotices } from '../nats/takeover-notices.js';
import type { PortKind } from './charger-port.js';
import { ChargerPorts } from './charger-ports.js';
import { ConnectionWatch } from './connection-watch.js';
import { LivenessWheel } from './liveness-wheel.js';
import { HUB_TICK_MS, SocketHub } from './socket-hub.js';
import { SocketRegistry } from './socket-registry.js';
import { StationSocket } from './station-socket.js';
import { UpgradeDoor } from './upgrade-door.js';

/** Code of a socket that a newer one of the same charger replaces. */
const REPLACED = 1008;
const GOING_AWAY = 1001;
/** For calls in flight when their socket's turn to go has come. */
const FINISH_MS = 10_000;

/** All chargers of this pod: from the port they knock at to the drain that lets them go. */
@Injectable()
export class Gateway implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly registry = new SocketRegistry<StationSocket>();
  private readonly hub: SocketHub;
  private readonly door: UpgradeDoor;
  private readonly ports: ChargerPorts;
  private readonly inbox: CommandInbox;
  private readonly takeovers: TakeoverNotices;
  private readonly watch: ConnectionWatch;
  private readonly connections = gauge('kw_ocpp_connections');
  /** Ends of connections being written. */
  private readonly leaving = new UnderWay();
  private ticker: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) clock: Clock,
    @Inject(IDS) ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
    nats: NatsLink,
    admitStation: AdmitStation,
    calls: AnswerCall,
    deliver: DeliverCommand,
    disconnect: DisconnectStation,
    private readonly ownership: ConnectionOwnership,
    private readonly readings: ReadingBatcher,
    care: CareForStation,
    private readonly journal: WireJournal,
    uploads: ReceiveUpload,
    private readonly offers: OfferUpload,
    private readonly deviations: StationDeviations,
  ) {
    const interval = {
      minSeconds: config.KW_OCPP_PING_SECONDS_MIN,
      maxSeconds: config.KW_OCPP_PING_SECONDS_MAX,
    };
    const wheel = new LivenessWheel<StationSocket>(interval, random);
    this.hub = new SocketHub(calls, wheel, clock, log, journal, deviations, (socket, code, reason) =>
      this.onClosed(socket, code, reason),
    );
    this.inbox = new CommandInbox(nats, deliver, disconnect, log);
    this.takeovers = new TakeoverNotices(nats, ownership.me.bootId, log);
    this.watch = new ConnectionWatch(
      this.registry,
      ownership,
      config,
      clock,
      log,
      readings,
      care,
      deviations,
    );
    const limits = {
      acceptPerSecond: config.KW_OCPP_ACCEPT_PER_SECOND,
      maxHandshakes: config.KW_OCPP_MAX_HANDSHAKES,
      publicHost: config.KW_OCPP_PUBLIC_HOST,
      compression: config.KW_OCPP_COMPRESSION,
      defaultTenant: config.KW_DEFAULT_TENANT,
    };
    // A station that comes back replaces its own socket.
    const hasRoom = (tenant: string, stationId: string) =>
      this.registry.ofTenant(tenant) < config.KW_OCPP_MAX_SOCKETS_PER_TENANT ||
      this.registry.find(tenant, stationId) !== undefined;
    this.door = new UpgradeDoor(
      limits,
      admitStation,
      ownership,
      clock,
      ids,
      log,
      journal,
      hasRoom,
      (ws, station, previous, seen) => {
        deviations.note(station, seen);
        this.onOpen(ws, station, previous);
      },
    );
    this.ports = new ChargerPorts(config, this.door, new UploadDoor(uploads, log), clock, log);
  }

  /** The port chargers connect to without TLS, known once the service runs. */
  get port(): number {
    return this.portOf('plain');
  }

  /** 0: that port is not open. */
  portOf(kind: PortKind): number {
    return this.ports.portOf(kind);
  }

  get size(): number {
    return this.registry.size;
  }

  /** The socket that a station has on this pod; for tests and tools. */
  socketOf(tenant: string, stationId: string): StationSocket | undefined {
    return this.registry.find(tenant, stationId);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.takeovers.listen((takeover) => this.onTakeover(takeover));
    this.ticker = setInterval(() => this.hub.tick(), HUB_TICK_MS);
    this.watch.start();
    this.journal.start();
    await this.ports.open();
    this.offers.listensOn(this.port);
  }

  /**
   * Paced, in random order, idle ones first (docs/ocpp-notes.md section 2, point 2). New chargers are sent away
   * meanwhile.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.door.close();
    this.watch.stop();
    const started = performance.now();
    const plan = drainPlan([...this.registry.all()], this.config.KW_DRAIN_SECONDS * 1000, random);
    if (plan.length > 0) this.log.info({ connections: plan.length }, 'letting the chargers go');
    const going: Promise<void>[] = [];
    for (const { atMs, connection } of plan) {
      const wait = atMs - (performance.now() - started);
      if (wait > 1) await delay(wait);
      going.push(this.letGo(connection));
    }
    await Promise.all(going);
    await patiently(this.hub.quiet());
    await this.readings.drain();
    await this.leaving.idle();
    clearInterval(this.ticker);
    await this.ports.close();
    await this.journal.stop();
    await this.deviations.write();
  }

  /** No more commands, calls in flight finished, then 1001. */
  private async letGo(socket: StationSocket): Promise<void> {
    this.inbox.close(socket.station.connectionId);
    await patiently(socket.drain());
    // The close of a peer that does not answer takes some seconds; the station is written off at once.
    const left = this.leave(socket, GOING_AWAY, 'gateway restarts');
    socket.close(GOING_AWAY, 'gateway restarts');
    await left;
  }

  private onOpen(ws: WebSocket, station: Station, previous: Taken['previous']): void {
    const socket = new StationSocket(station, ws, this.hub);
    this.connections.inc({ version: station.version });
    const loser = this.registry.add(socket);
    if (loser !== undefined) this.replace(loser);
    if (loser === socket) return;
    if (previous) this.tellFormerHolder(station, previous.bootId);
    this.inbox.open(socket);
    this.hub.wheel.add(socket, this.hub.nowMs());
    const { tenant, stationId, connectionId, generation, protocol, remoteIp } = station;
    this.log.info({ tenant, stationId, connectionId, generation, protocol, remoteIp }, 'station connected');
  }

  private tellFormerHolder({ tenant, stationId, generation }: Station, bootId: string): void {
    if (bootId !== this.ownership.me.bootId) this.takeovers.tell(bootId, { tenant, stationId, generation });
  }

  private onTakeover({ tenant, stationId, generation }: Takeover): void {
    const socket = this.registry.find(tenant, stationId);
    if (socket && isSuperseded(socket.station, generation)) this.replace(socket);
  }

  /** Often the charger's own former socket after a silent loss; often repeated, it is two devices with one identity. */
  private replace(socket: StationSocket): void {
    const { tenant, stationId, connectionId, remoteIp } = socket.station;
    this.log.warn(
      { audit: 'station_taken_over', tenant, stationId, connectionId, remoteIp },
      'connection replaced by a newer one',
    );
    counter('kw_ocpp_refused_total').inc({ reason: 'taken_over' });
    this.inbox.close(connectionId);
    socket.close(REPLACED, 'replaced by a newer connection');
  }

  private onClosed(socket: StationSocket, code: number, reason: string): void {
    const { station } = socket;
    this.connections.dec({ version: station.version });
    this.inbox.close(station.connectionId);
    const { tenant, stationId, connectionId } = station;
    this.log.info({ tenant, stationId, connectionId, code }, 'station disconnected');
    void this.leave(socket, code, reason);
  }

  /** Once for each socket, and only while it is the station's present one: a replaced socket's end is nobody's business. */
  private leave(socket: StationSocket, code: number, reason: string): Promise<void> {
    if (!this.registry.remove(socket)) return Promise.resolve();
    return this.leaving.add(this.ownership.release(socket.station, code, reason));
  }
}

/** Waits for work to finish, but no longer than a stop may wait. */
function patiently(work: Promise<void>): Promise<void> {
  return within(work, FINISH_MS, () => undefined);
}

/** Spreads load over time; nothing is secret in it. */
function random(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}
