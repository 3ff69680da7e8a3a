import { FIRST_SLOT, NetworkProfiles, PRIORITY_VARIABLE } from './network-profiles.js';
import { aVehicle } from '../builders/vehicle.js';
import { bootUntilAccepted } from './boot.js';
import { asToken, goalOf, type ChargePlan } from './charge-plan.js';
import { ChargerConnection, type BackOffOptions } from './connection.js';
import { ChargingLimits } from './charging-limit.js';
import type {
  Call,
  ChargerControls,
  ChargerIdentity,
  Dialect,
  EvseView,
  StartRequest,
  StopReason,
  Token,
} from './dialect.js';
import { Evse, type EvseHost } from './evse.js';
import type { LedgerEntry } from './ledger.js';
import { ChargingMeter, type Vehicle } from './meter.js';
import { ocpp16 } from './ocpp16.js';
import { ocpp201 } from './ocpp201.js';
import type { Answer, Frame, OcppSocket, Payload } from './ocpp-socket.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatedTime } from './simulated-time.js';
import { TokenMemory, type TokenMemoryOptions } from './token-memory.js';
import { TransactionQueue, type Reorder, type RetryOptions } from './transaction-queue.js';

export interface VirtualChargerOptions {
  /** Where the CSMS listens, e.g. `ws://127.0.0.1:9000/ocpp/demo`; the identity is appended, percent-encoded. */
  url: string;
  identity: string;
  /** HTTP Basic password. */
  password?: string;
  version: '1.6' | '2.0.1';
  vendor?: string;
  model?: string;
  evseCount?: number;
  /** What it knows of tokens offline; default nothing. */
  memory?: TokenMemoryOptions;
  maxPowerW?: number;
  minPowerW?: number;
  /** Lifetime register of the first EVSE's meter; default a random one below 10 MWh. */
  registerMwh?: number;
  /** Device time between two samples; default 60 s. */
  meterIntervalMs?: number;
  time?: SimulatedTime;
  random?: SeededRandom;
  /** The vehicle that comes when a remote start asks for none in particular. `null`: a remote start waits for plugIn. */
  vehicle?: Vehicle | null;
  retry?: Partial<RetryOptions>;
  /** For faults. */
  reorder?: Reorder;
  backOff?: Partial<BackOffOptions>;
  answerTimeoutMs?: number;
  bootOnReconnect?: boolean;
  tls?: { ca?: string; cert?: string; key?: string };
  onFrame?: (direction: 'sent' | 'received', frame: Frame) => void;
}

export interface SeenCommand {
  action: string;
  payload: Payload;
  answer: Answer;
  at: Date;
}

/** A charger that speaks OCPP over a real socket and keeps its own books. */
export class VirtualCharger implements EvseHost, ChargerControls {
  readonly identity: string;
  readonly time: SimulatedTime;
  readonly dialect: Dialect;
  readonly limits = new ChargingLimits();
  readonly networks: NetworkProfiles;
  /** The independent ledger: every transaction this charger began. */
  readonly ledger: LedgerEntry[] = [];
  readonly evses: Evse[];
  readonly configuration: Map<string, string>;
  readonly memory: TokenMemory | undefined;
  /** Every command received, with the answer given. */
  readonly commands: SeenCommand[] = [];
  meterIntervalMs: number;
  private readonly random: SeededRandom;
  private readonly connection: ChargerConnection;
  private readonly queue: TransactionQueue;
  private readonly about: ChargerIdentity;
  private booted = false;
  private accepted: OcppSocket | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private onlineWaiters: (() => void)[] = [];
  private resetWhenIdle = false;

  constructor(private readonly options: VirtualChargerOptions) {
    this.identity = options.identity;
    this.random = options.random ?? new SeededRandom(1);
    this.time = options.time ?? new SimulatedTime();
    this.dialect = options.version === '1.6' ? ocpp16 : ocpp201;
    this.meterIntervalMs = options.meterIntervalMs ?? 60_000;
    this.about = {
      identity: options.identity,
      vendor: options.vendor ?? 'Kilowatch',
      model: options.model ?? 'Virtual',
      serial: `V-${this.random.integer(100_000, 999_999)}`,
      firmware: '1.0.0',
    };
    const count = options.evseCount ?? 1;
    this.evses = Array.from({ length: count }, (_, index) => this.makeEvse(index + 1));
    this.memory = options.memory && new TokenMemory(options.version, options.memory);
    this.configuration = new Map([...this.dialect.defaults(count), ...(this.memory?.settings() ?? [])]);
    this.queue = new TransactionQueue({ attempts: 3, waitMs: 1_000, ...options.retry }, options.reorder);
    const networks = new NetworkProfiles({ url: options.url, password: options.password });
    this.networks = networks;
    const socketOptions = {
      get url() {
        return `${networks.target.url.replace(/\/+$/, '')}/${encodeURIComponent(options.identity)}`;
      },
      get password() {
        return networks.target.password;
      },
      subprotocols: [this.dialect.subprotocol],
      identity: options.identity,
      answerTimeoutMs: options.answerTimeoutMs ?? 30_000,
      newId: () => this.random.uuid(),
      onCall: (action: string, payload: Payload) => this.obey(action, payload),
      ...(options.onFrame ? { onFrame: options.onFrame } : {}),
      ...(options.tls ? { tls: options.tls } : {}),
    };
    const backOff = { minimumMs: 1_000, randomMs: 1_000, maximumMs: 60_000, ...options.backOff };
    const events = {
      onOpen: (socket: OcppSocket) => this.opened(socket),
      onClosed: () => this.closed(),
      onFailed: () => networks.failed(),
    };
    this.connection = new ChargerConnection(socketOptions, backOff, this.random.fork(), events);
  }

  // --- life ---------------------------------------------------------------------------------------

  /** Connects, and keeps connected; resolves once the CSMS has accepted this charger. */
  start(): Promise<void> {
    this.connection.start();
    return this.online();
  }

  /** Resolves once connected and accepted. */
  online(): Promise<void> {
    if (this.accepted) return Promise.resolve();
    return new Promise((resolve) => this.onlineWaiters.push(resolve));
  }

  isOnline(): boolean {
    return this.accepted !== undefined;
  }

  /** Upgrades refused or failed so far, oldest first. */
  get connectFailures(): readonly string[] {
    return this.connection.failures;
  }

  /** Connections accepted so far. */
  get connectCount(): number {
    return this.connection.opened;
  }

  /** Transaction messages not yet acknowledged or given up. */
  get queuedMessages(): number {
    return this.queue.length;
  }

  /** Resolves once every transaction message was acknowledged or given up. */
  settled(): Promise<void> {
    return this.queue.drained();
  }

  /** Cuts the connection as a power or network loss would; it comes back after the back-off. */
  drop(): void {
    this.connection.socket?.terminate();
  }

  /** Stays away until `start`; charging goes on and messages pile up. */
  goOffline(): Promise<void> {
    return this.connection.stop('terminate');
  }

  /** Switches the charger off for good; running transactions are not ended. */
  async shutdown(): Promise<void> {
    this.evses.forEach((evse) => evse.halt());
    clearInterval(this.heartbeat);
    await this.connection.stop();
  }

  // --- what a driver does -------------------------------------------------------------------------

  /** Plugs in, starts, charges until the plan's end, unplugs. Undefined: the CSMS refused the token. */
  async charge(plan: ChargePlan): Promise<LedgerEntry | undefined> {
    const evse = this.evse(plan.evse ?? 1);
    const token = asToken(plan.token);
    evse.plugIn(plan.vehicle ?? this.options.vehicle ?? aVehicle());
    if (plan.authorize !== false && this.isOnline() && (await this.authorize(token)) !== 'Accepted') {
      evse.unplug();
      return undefined;
    }
    const { entry } = evse.begin({ token }, goalOf(plan));
    await evse.untilEnd();
    evse.unplug();
    return entry;
  }

  plugIn(evse = 1, vehicle: Vehicle = this.options.vehicle ?? aVehicle()): void {
    this.evse(evse).plugIn(vehicle);
  }

  unplug(evse = 1): void {
    this.evse(evse).unplug();
  }

  /** Starts without asking (the token was authorised, or the charger is offline). */
  begin(token: Token | string, evse = 1): LedgerEntry {
    return this.evse(evse).begin({ token: asToken(token) }).entry;
  }

  end(evse = 1, reason: StopReason = 'Local'): void {
    this.evse(evse).end(reason);
  }

  fault(evse: number, faulted: boolean): void {
    this.evse(evse).fault(faulted);
  }

  /** The CSMS's word on a token: `Accepted`, `Blocked`, `ConcurrentTx`, ... */
  async authorize(token: Token | string): Promise<string> {
    const { action, payload } = this.dialect.authorize(asToken(token));
    const answer = await this.call(action, payload);
    this.memory?.learn(asToken(token), answer);
    return this.dialect.tokenStatus(answer) ?? 'Unknown';
  }

  /** Any call, e.g. SecurityEventNotification. Rejects when offline. */
  call(action: string, payload: Payload): Promise<Payload> {
    if (!this.accepted) return Promise.reject(new Error(`${this.identity} is offline`));
    return this.accepted.call(action, () => payload);
  }

  /** The open socket, for faults below the protocol. */
  get socket(): OcppSocket | undefined {
    return this.connection.socket;
  }

  // --- what the CSMS may ask (ChargerControls) ------------------------------------------------------

  freeEvse(id: number | undefined): EvseView | undefined {
    const free = (evse: Evse) =>
      !evse.transaction && evse.operative && evse.status !== 'faulted' && !evse.waitingStart;
    return this.evses.find((evse) => (id === undefined || id === 0 || evse.id === id) && free(evse));
  }

  startRemotely(id: number, request: StartRequest): void {
    const evse = this.evse(id);
    if (!evse.isPlugged && this.options.vehicle === null) evse.waitingStart = request;
    else {
      if (!evse.isPlugged) evse.plugIn(this.options.vehicle ?? aVehicle());
      evse.begin(request);
    }
  }

  stopRemotely(evse: number, reason: StopReason): void {
    this.evse(evse).end(reason);
  }

  setOperative(id: number, operative: boolean): boolean {
    const concerned = this.evses.filter((evse) => id === 0 || evse.id === id);
    concerned.forEach((evse) => evse.setOperative(operative));
    return concerned.every((evse) => !evse.transaction);
  }

  unlock(id: number): void {
    this.evse(id).end('UnlockCommand');
  }

  reset(when: 'now' | 'idle'): void {
    if (when === 'idle' && this.evses.some((evse) => evse.transaction)) {
      this.resetWhenIdle = true;
      return;
    }
    this.resetWhenIdle = false;
    this.evses.forEach((evse) => evse.end('Reset'));
    this.booted = false;
    this.networks.boot(this.configuration.get(PRIORITY_VARIABLE) ?? String(FIRST_SLOT));
    this.connection.socket?.close(1000);
  }

  limitsChanged(): void {
    this.evses.forEach((evse) => evse.refresh());
  }

  send({ action, payload }: Call): void {
    this.accepted?.call(action, () => payload).catch(() => undefined);
  }

  sendBoot(): void {
    this.send(this.dialect.boot(this.about));
  }

  sendStatus(id: number | undefined): void {
    const all = id === undefined || id === 0;
    const calls = all
      ? this.dialect.statuses(this.evses, this.time.now())
      : [this.dialect.status(this.evse(id), this.time.now())];
    calls.forEach((call) => this.send(call));
  }

  sendReadings(id: number | undefined): void {
    this.evses.filter((evse) => !id || evse.id === id).forEach((evse) => evse.sendReadings());
  }

  now(): Date {
    return this.time.now();
  }

  // --- what its EVSEs need (EvseHost) ---------------------------------------------------------------

  chargingCount(): number {
    return this.evses.filter((evse) => evse.transaction).length;
  }

  enqueue(message: Parameters<TransactionQueue['push']>[0]): void {
    this.queue.push(message);
  }

  statusChanged(evse: EvseView, at: Date): void {
    this.send(this.dialect.status(evse, at));
  }

  transactionEnded(): void {
    if (this.resetWhenIdle) this.reset('idle');
  }

  newId(): string {
    return this.random.uuid();
  }

  private makeEvse(id: number): Evse {
    const registerMwh = this.options.registerMwh ?? this.random.integer(0, 10_000_000_000);
    const { maxPowerW = 11_000, minPowerW = 1_380 } = this.options;
    return new Evse(id, new ChargingMeter({ registerMwh, maxPowerW, minPowerW }, this.random.fork()), this);
  }

  private evse(id: number): Evse {
    const found = this.evses[id - 1];
    if (!found) throw new Error(`${this.identity} has no EVSE ${id}`);
    return found;
  }

  private obey(action: string, payload: Payload): Answer {
    const answer = this.memory?.command(action, payload) ?? this.dialect.command(this, action, payload);
    this.commands.push({ action, payload, answer, at: this.time.now() });
    this.adoptInterval();
    return answer;
  }

  /** The sample interval an operator configured takes effect with the next transaction. */
  private adoptInterval(): void {
    const initial = this.dialect.defaults(this.evses.length);
    for (const key of ['MeterValueSampleInterval', 'SampledDataCtrlr.TxUpdatedInterval']) {
      const seconds = Number(this.configuration.get(key));
      if (this.configuration.get(key) !== initial.get(key) && seconds > 0)
        this.meterIntervalMs = seconds * 1_000;
    }
  }

  private async opened(socket: OcppSocket): Promise<void> {
    if (!this.booted || this.options.bootOnReconnect) {
      const heartbeatMs = await bootUntilAccepted(socket, this.dialect.boot(this.about));
      clearInterval(this.heartbeat);
      this.heartbeat = setInterval(() => this.send({ action: 'Heartbeat', payload: {} }), heartbeatMs);
      this.heartbeat.unref();
    }
    if (!socket.isOpen) return;
    this.booted = true;
    this.accepted = socket;
    this.sendStatus(undefined);
    this.queue.resume(socket);
    this.onlineWaiters.splice(0).forEach((resolve) => resolve());
  }

  private closed(): void {
    this.accepted = undefined;
    this.queue.pause();
  }
}
