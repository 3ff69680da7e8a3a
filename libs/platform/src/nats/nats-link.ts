import { setTimeout as delay } from 'node:timers/promises';
import { unavailable } from '@kilowatch/kernel';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '../log/logger.js';

export interface NatsLinkOptions {
  readonly url: string;
  readonly service: string;
  readonly log: Logger;
}

const RETRY_MS = 250;

/**
 * The service's one NATS connection. It comes up in the background and comes back by itself: a service starts and changes
 * state without NATS, only the travelling of its events waits.
 */
export class NatsLink {
  private current: NatsConnection | undefined;
  private up = false;
  private closed = false;
  private readonly listeners = new Set<() => void>();
  private waiters: (() => void)[] = [];
  private readonly connecting: Promise<void>;

  constructor(private readonly options: NatsLinkOptions) {
    this.connecting = this.connectLoop();
  }

  get connected(): boolean {
    return this.up;
  }

  /** The connection, once there was one; resolves late, never by itself fails. Rejects with UNAVAILABLE after close. */
  async ready(): Promise<NatsConnection> {
    while (!this.up || this.current === undefined) {
      if (this.closed) throw closedError();
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
    return this.current;
  }

  /** The connection if it is up now; else UNAVAILABLE: for requests that must not wait. */
  now(): NatsConnection {
    if (!this.up || this.current === undefined)
      throw unavailable('NATS_UNAVAILABLE', 'Messages cannot be sent right now.');
    return this.current;
  }

  /** Called each time the connection is up again (not for the first time). Returns an undo. */
  onReconnect(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Resolves when the server answers. @throws UNAVAILABLE when it is away */
  async ping(): Promise<void> {
    await this.now().flush();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wake();
    await this.connecting;
    if (this.current !== undefined && !this.current.isClosed()) {
      await (this.up ? this.current.drain() : this.current.close());
    }
    this.up = false;
  }

  private async connectLoop(): Promise<void> {
    while (!this.closed) {
      try {
        this.current = await connect({
          servers: this.options.url.split(','),
          name: `kilowatch-${this.options.service}`,
          reconnect: true,
          maxReconnectAttempts: -1,
          reconnectTimeWait: RETRY_MS,
          reconnectJitter: 100,
          timeout: 5_000,
          pingInterval: 10_000,
          maxPingOut: 2,
          // A stack for each request, in case it fails: our errors say what was asked for.
          noAsyncTraces: true,
        });
        this.up = true;
        void this.watch(this.current);
        this.wake();
        return;
      } catch (err) {
        this.options.log.debug({ err }, 'NATS not there yet');
        await delay(RETRY_MS);
      }
    }
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        this.up = false;
        this.options.log.warn('NATS connection lost');
      } else if (status.type === 'reconnect') {
        this.up = true;
        this.options.log.info('NATS connection is back');
        this.wake();
        for (const listener of this.listeners) listener();
      }
    }
    this.up = false;
  }

  private wake(): void {
    for (const resolve of this.waiters.splice(0)) resolve();
  }
}

function closedError(): Error {
  return unavailable('NATS_CLOSED', 'The service is stopping.');
}
