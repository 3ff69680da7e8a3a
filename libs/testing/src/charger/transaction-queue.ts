import type { LedgerEntry } from './ledger.js';
import { SocketClosed, type OcppSocket, type Payload } from './ocpp-socket.js';

export interface QueuedMessage {
  action: string;
  entry: LedgerEntry;
  /** Built when sent: a 1.6 transaction id may be known only by then. */
  build: () => Payload;
  /** The register it reports, if any. */
  registerMwh?: number;
  periodic?: boolean;
  onAnswer?: (answer: Payload) => void;
  at: Date;
}

export interface RetryOptions {
  /** Default 3 (libocpp's). */
  attempts: number;
  /** Real time before the second attempt; grows linearly with the attempts made. */
  waitMs: number;
}

/** In which order a charger tells what piled up while it had no connection; chargers' own is that of the events. */
export type Reorder = (waiting: readonly QueuedMessage[]) => QueuedMessage[];

/**
 * Transaction messages in order, one at a time. CALLERROR and silence cost an attempt, and the message goes again
 * under a new message id; after the last attempt it is dropped and the ledger says so. A closed socket costs nothing:
 * the queue waits for the next one. (OCPP 1.6 section 3.7.1, 2.0.1 E13, as libocpp does it.)
 */
export class TransactionQueue {
  private readonly messages: QueuedMessage[] = [];
  private socket: OcppSocket | undefined;
  private pumping = false;
  private idleWaiters: (() => void)[] = [];
  private wake: (() => void) | undefined;

  constructor(
    private readonly retry: RetryOptions,
    private readonly reorder?: Reorder,
  ) {}

  get length(): number {
    return this.messages.length;
  }

  push(message: QueuedMessage): void {
    this.messages.push(message);
    this.pump();
  }

  /** The connection is ready for transaction messages. */
  resume(socket: OcppSocket): void {
    this.socket = socket;
    if (this.reorder) this.messages.splice(0, this.messages.length, ...this.reorder(this.messages));
    this.pump();
  }

  pause(): void {
    this.socket = undefined;
    this.wake?.();
  }

  /** Resolves once everything queued was acknowledged or given up. */
  drained(): Promise<void> {
    if (this.messages.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    void this.sendAll().finally(() => {
      this.pumping = false;
      if (this.socket && this.messages.length > 0) this.pump();
    });
  }

  private async sendAll(): Promise<void> {
    for (let message = this.messages[0]; message && this.socket; message = this.messages[0]) {
      if (!(await this.deliver(message, this.socket))) return;
      this.messages.shift();
    }
    if (this.messages.length === 0) this.idleWaiters.splice(0).forEach((resolve) => resolve());
  }

  /** True: done with it, acknowledged or dropped. False: the socket went away. */
  private async deliver(message: QueuedMessage, socket: OcppSocket): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await socket.call(message.action, message.build);
        this.acknowledge(message, answer);
        return true;
      } catch (error) {
        if (error instanceof SocketClosed || this.socket !== socket) {
          if (this.socket === socket) this.socket = undefined;
          return false;
        }
        if (attempt >= this.retry.attempts) {
          const at = message.at;
          message.entry.lostMessages.push({ action: message.action, at, error: (error as Error).message });
          return true;
        }
      }
      await this.pauseFor(this.retry.waitMs * attempt);
      if (this.socket !== socket) return false;
    }
  }

  private acknowledge(message: QueuedMessage, answer: Payload): void {
    const { entry } = message;
    entry.acknowledgedMessages += 1;
    if (message.periodic) entry.acknowledgedReadings += 1;
    if (message.registerMwh !== undefined) {
      entry.acknowledgedMwh = Math.max(entry.acknowledgedMwh ?? 0, message.registerMwh);
    }
    message.onAnswer?.(answer);
  }

  private pauseFor(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
