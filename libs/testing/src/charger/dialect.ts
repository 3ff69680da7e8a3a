import type { NetworkProfiles } from './network-profiles.js';
import type { ChargingLimits } from './charging-limit.js';
import type { LedgerEntry } from './ledger.js';
import type { MeterSample } from './meter.js';
import type { Answer, Payload } from './ocpp-socket.js';

export type EvseStatus =
  | 'available'
  | 'plugged'
  | 'charging'
  | 'suspendedEv'
  | 'suspendedEvse'
  | 'finishing'
  | 'unavailable'
  | 'faulted';

export type StopReason =
  'Local' | 'Remote' | 'EVDisconnected' | 'DeAuthorized' | 'Reset' | 'PowerLoss' | 'UnlockCommand';

export interface Token {
  value: string;
  /** 2.0.1 only; default ISO14443. */
  type?: string;
}

export interface StartRequest {
  token: Token;
  remoteStartId?: number;
  remote?: boolean;
}

export interface Transaction extends StartRequest {
  entry: LedgerEntry;
  /** The charger's own id (2.0.1's transactionId). */
  localId: string;
  /** The number the CSMS gave (1.6). */
  remoteId: number | undefined;
  /** Next 2.0.1 sequence number. */
  seqNo: number;
}

export interface Call {
  action: string;
  payload: Payload;
}

export interface TransactionCall {
  action: string;
  build: () => Payload;
}

export interface ChargerIdentity {
  identity: string;
  vendor: string;
  model: string;
  serial: string;
  firmware: string;
}

export interface EvseView {
  readonly id: number;
  readonly status: EvseStatus;
  readonly operative: boolean;
  readonly transaction: Transaction | undefined;
}

export interface MomentOf {
  evse: EvseView;
  transaction: Transaction;
  sample: MeterSample;
  /** The charger had no connection when this happened. */
  offline: boolean;
}

/** What a command from the CSMS may do to the charger. */
export interface ChargerControls {
  readonly evses: readonly EvseView[];
  readonly limits: ChargingLimits;
  readonly networks: NetworkProfiles;
  /** 1.6 keys, 2.0.1 `Component.Variable`. */
  readonly configuration: Map<string, string>;
  /** The EVSE that would serve a remote start, if any is free. */
  freeEvse(id: number | undefined): EvseView | undefined;
  startRemotely(evse: number, request: StartRequest): void;
  stopRemotely(evse: number, reason: StopReason): void;
  /** False: a transaction is running, it will change when that has ended. */
  setOperative(evse: number, operative: boolean): boolean;
  unlock(evse: number): void;
  reset(when: 'now' | 'idle'): void;
  /** Meter up to now with the old limit, then apply the new one. */
  limitsChanged(): void;
  send(call: Call): void;
  sendBoot(): void;
  sendStatus(evse: number | undefined): void;
  sendReadings(evse: number | undefined): void;
  now(): Date;
}

/** One OCPP version as a charger speaks it. */
export interface Dialect {
  readonly subprotocol: string;
  /** What this version's charger shows of its register: 1.6 counts in whole Wh. */
  reportedMwh(registerMwh: number): number;
  defaults(evseCount: number): Map<string, string>;
  boot(charger: ChargerIdentity): Call;
  statuses(evses: readonly EvseView[], at: Date): Call[];
  status(evse: EvseView, at: Date): Call;
  authorize(token: Token): Call;
  /** `Accepted`, `Blocked`, ... or undefined when the answer says nothing about the token. */
  tokenStatus(answer: Payload): string | undefined;
  started(moment: MomentOf): TransactionCall;
  startAnswered(transaction: Transaction, answer: Payload): void;
  readings(moment: MomentOf): TransactionCall;
  /** Undefined: the version tells this by its status only. */
  stateChanged(moment: MomentOf): TransactionCall | undefined;
  ended(moment: MomentOf, reason: StopReason): TransactionCall;
  command(charger: ChargerControls, action: string, payload: Payload): Answer;
}
