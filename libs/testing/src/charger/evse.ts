import type { ChargingLimits } from './charging-limit.js';
import type {
  Dialect,
  EvseStatus,
  EvseView,
  MomentOf,
  StartRequest,
  StopReason,
  Transaction,
} from './dialect.js';
import type { LedgerEntry } from './ledger.js';
import type { ChargingMeter, MeterSample, Vehicle } from './meter.js';
import type { Payload } from './ocpp-socket.js';
import type { SimulatedTime } from './simulated-time.js';
import type { QueuedMessage } from './transaction-queue.js';

export interface EvseHost {
  readonly identity: string;
  readonly time: SimulatedTime;
  readonly dialect: Dialect;
  readonly limits: ChargingLimits;
  readonly ledger: LedgerEntry[];
  /** Device milliseconds between two periodic samples. */
  readonly meterIntervalMs: number;
  isOnline(): boolean;
  /** How many EVSEs share the station's limit now. */
  chargingCount(): number;
  enqueue(message: QueuedMessage): void;
  statusChanged(evse: EvseView, at: Date): void;
  transactionEnded(evse: EvseView): void;
  newId(): string;
}

/** Tells after each sample whether the driver is done. */
export type Goal = (sample: MeterSample, entry: LedgerEntry) => boolean;

/** One EVSE with its meter: plug, transaction, samples, charging state. Energy is a function of device time alone. */
export class Evse implements EvseView {
  status: EvseStatus = 'available';
  operative = true;
  transaction: Transaction | undefined;
  /** A remote start that waits for the cable. */
  waitingStart: StartRequest | undefined;
  private plugged = false;
  private cancelTick: (() => void) | undefined;
  private goal: Goal | undefined;
  private endWaiters: (() => void)[] = [];

  constructor(
    readonly id: number,
    readonly meter: ChargingMeter,
    private readonly host: EvseHost,
  ) {}

  get isPlugged(): boolean {
    return this.plugged;
  }

  plugIn(vehicle: Vehicle): void {
    if (this.plugged) throw new Error(`EVSE ${this.id} of ${this.host.identity} already has a vehicle`);
    this.plugged = true;
    this.meter.plugIn(vehicle);
    this.moveTo('plugged', this.host.time.now());
    const waiting = this.waitingStart;
    this.waitingStart = undefined;
    if (waiting) this.begin(waiting);
  }

  unplug(): void {
    if (this.transaction) this.end('EVDisconnected');
    this.plugged = false;
    this.meter.unplug();
    this.moveTo(this.operative ? 'available' : 'unavailable', this.host.time.now());
  }

  setOperative(operative: boolean): void {
    this.operative = operative;
    if (this.transaction || this.plugged) return;
    this.moveTo(operative ? 'available' : 'unavailable', this.host.time.now());
  }

  fault(faulted: boolean): void {
    if (faulted && this.transaction) this.end('PowerLoss');
    this.moveTo(faulted ? 'faulted' : this.plugged ? 'finishing' : 'available', this.host.time.now());
  }

  begin(request: StartRequest, goal?: Goal): Transaction {
    if (this.transaction) throw new Error(`EVSE ${this.id} of ${this.host.identity} already charges`);
    const at = this.host.time.now();
    const localId = this.host.newId();
    const entry = newEntry(this.host, this.id, request, localId, at, this.meter.registerMwh);
    this.host.ledger.push(entry);
    const transaction: Transaction = { ...request, entry, localId, remoteId: undefined, seqNo: 0 };
    this.transaction = transaction;
    this.goal = goal;
    this.meter.closeContactor(at);
    this.enqueue(this.host.dialect.started(this.moment(transaction, at)), transaction, at, (answer) => {
      entry.startAcknowledged = true;
      this.host.dialect.startAnswered(transaction, answer);
      const token = this.host.dialect.tokenStatus(answer);
      if (token !== undefined && token !== 'Accepted' && this.transaction === transaction)
        this.end('DeAuthorized');
    });
    this.meter.advance(at, this.limit);
    this.settleState(transaction, at);
    this.scheduleTick(at.getTime() + this.host.meterIntervalMs);
    return transaction;
  }

  end(reason: StopReason, at = this.host.time.now()): void {
    const transaction = this.transaction;
    if (!transaction) return;
    const { entry } = transaction;
    this.meter.advance(at, this.limit);
    const moment = this.moment(transaction, at);
    this.cancelTick?.();
    this.meter.openContactor();
    this.transaction = undefined;
    this.host.limits.endTransaction(this.id);
    entry.endedAt = at;
    entry.stopReason = reason;
    entry.endMwh = this.host.dialect.reportedMwh(this.meter.registerMwh);
    entry.energyMwh = entry.endMwh - entry.beginMwh;
    this.enqueue(
      this.host.dialect.ended(moment, reason),
      transaction,
      at,
      () => (entry.endAcknowledged = true),
    );
    this.moveTo('finishing', at);
    this.endWaiters.splice(0).forEach((resolve) => resolve());
    this.host.transactionEnded(this);
  }

  /** Resolves when the running transaction has ended (at once when there is none). */
  untilEnd(): Promise<void> {
    if (!this.transaction) return Promise.resolve();
    return new Promise((resolve) => this.endWaiters.push(resolve));
  }

  /** Meters up to now; called around a change of the limit. */
  refresh(): void {
    if (!this.transaction) return;
    const at = this.host.time.now();
    this.meter.advance(at, this.limit);
    this.settleState(this.transaction, at);
  }

  sendReadings(at = this.host.time.now()): void {
    const transaction = this.transaction;
    if (!transaction) return;
    this.meter.advance(at, this.limit);
    this.settleState(transaction, at);
    const moment = this.moment(transaction, at);
    this.enqueue(this.host.dialect.readings(moment), transaction, at, undefined, true);
    if (this.goal?.(moment.sample, transaction.entry)) this.end('Local', at);
  }

  /** No more samples: the charger is switched off for good. */
  halt(): void {
    this.cancelTick?.();
    this.endWaiters.splice(0).forEach((resolve) => resolve());
  }

  private readonly limit = (at: Date): number => {
    const start = this.transaction?.entry.startedAt ?? at;
    return this.host.limits.limitW(this.id, at, start, this.host.chargingCount());
  };

  private scheduleTick(dueMs: number): void {
    this.cancelTick = this.host.time.at(new Date(dueMs), () => {
      // A late timer catches up: the samples carry the instants they were due at.
      const now = this.host.time.now().getTime();
      let due = dueMs;
      for (; due <= now && this.transaction; due += this.host.meterIntervalMs)
        this.sendReadings(new Date(due));
      if (this.transaction) this.scheduleTick(due);
    });
  }

  private settleState(transaction: Transaction, at: Date): void {
    const full = this.meter.socPercent >= 100;
    const next = this.meter.powerW > 0 ? 'charging' : full ? 'suspendedEv' : 'suspendedEvse';
    if (next === this.status) return;
    this.moveTo(next, at);
    const call = this.host.dialect.stateChanged(this.moment(transaction, at));
    if (call) this.enqueue(call, transaction, at);
  }

  private moveTo(status: EvseStatus, at: Date): void {
    if (this.status === status) return;
    this.status = status;
    this.host.statusChanged(this, at);
  }

  private moment(transaction: Transaction, at: Date): MomentOf {
    return { evse: this, transaction, sample: this.meter.sample(at), offline: !this.host.isOnline() };
  }

  private enqueue(
    call: { action: string; build: () => Payload },
    transaction: Transaction,
    at: Date,
    onAnswer?: (answer: Payload) => void,
    periodic = false,
  ): void {
    const registerMwh = this.host.dialect.reportedMwh(this.meter.registerMwh);
    const message: QueuedMessage = { ...call, entry: transaction.entry, at, registerMwh, periodic };
    if (onAnswer) message.onAnswer = onAnswer;
    this.host.enqueue(message);
  }
}

function newEntry(
  host: EvseHost,
  evse: number,
  request: StartRequest,
  localId: string,
  at: Date,
  registerMwh: number,
): LedgerEntry {
  return {
    identity: host.identity,
    evse,
    token: request.token.value,
    transactionId: host.dialect.subprotocol === 'ocpp1.6' ? undefined : localId,
    startedAt: at,
    endedAt: undefined,
    beginMwh: host.dialect.reportedMwh(registerMwh),
    endMwh: undefined,
    energyMwh: undefined,
    stopReason: undefined,
    startAcknowledged: false,
    endAcknowledged: false,
    acknowledgedMessages: 0,
    acknowledgedReadings: 0,
    acknowledgedMwh: undefined,
    lostMessages: [],
  };
}
