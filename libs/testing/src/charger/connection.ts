import { OcppSocket, type OcppSocketOptions } from './ocpp-socket.js';
import type { SeededRandom } from './seeded-random.js';

export interface BackOffOptions {
  /** Real time before the first new attempt; doubles up to `maximumMs`. */
  minimumMs: number;
  /** Up to this much is added at random. */
  randomMs: number;
  maximumMs: number;
}

export interface ConnectionEvents {
  /** Called for each accepted connection; the connection is kept whatever it does. */
  onOpen: (socket: OcppSocket) => Promise<void>;
  onClosed: () => void;
  /** An upgrade that failed. */
  onFailed: () => void;
}

/** Keeps one charger connected: opens, waits for the end, backs off, opens again, until told to stop. */
export class ChargerConnection {
  socket: OcppSocket | undefined;
  /** Upgrades that failed, newest last (`Unexpected server response: 401`). */
  readonly failures: string[] = [];
  opened = 0;
  private wanted = false;
  private loop: Promise<void> = Promise.resolve();
  private wake: (() => void) | undefined;

  constructor(
    private readonly socketOptions: OcppSocketOptions,
    private readonly backOff: BackOffOptions,
    private readonly random: SeededRandom,
    private readonly events: ConnectionEvents,
  ) {}

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.loop = this.loop.then(() => this.keepConnected());
  }

  /** Ends the connection and does not come back until `start`. */
  async stop(how: 'close' | 'terminate' = 'close'): Promise<void> {
    this.wanted = false;
    this.wake?.();
    if (how === 'close') this.socket?.close(1000);
    else this.socket?.terminate();
    await this.loop;
  }

  private async keepConnected(): Promise<void> {
    for (let failed = 0; this.wanted;) {
      try {
        const socket = await OcppSocket.open(this.socketOptions);
        failed = 0;
        this.opened += 1;
        await this.serve(socket);
      } catch (error) {
        this.failures.push((error as Error).message);
        this.events.onFailed();
      }
      const doubled = Math.min(this.backOff.minimumMs * 2 ** Math.min(failed, 20), this.backOff.maximumMs);
      failed += 1;
      if (this.wanted) await this.pauseFor(doubled + this.random.next() * this.backOff.randomMs);
    }
  }

  private async serve(socket: OcppSocket): Promise<void> {
    this.socket = socket;
    if (!this.wanted) socket.close(1000);
    const opened = this.events.onOpen(socket).catch(() => undefined);
    await socket.closed;
    this.socket = undefined;
    this.events.onClosed();
    await opened;
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
