import { setTimeout as pause } from 'node:timers/promises';
import { jetstream, jetstreamManager, type JetStreamClient, type PubAck } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { PassPoint } from '../crash/crash-points.js';
import type { Logger } from '../log/logger.js';
import { messagesOf, type EventMessage, type WaitingEvent } from '../nats/event-message.js';
import type { NatsLink } from '../nats/nats-link.js';
import { ensureStream, streamName, type StreamLimits } from '../nats/streams.js';
import { counter, gauge } from '../trace/metrics.js';
import { Gathering } from './gathering.js';
import { OutboxStore } from './outbox-store.js';
import { lostData } from './stream-loss.js';
import { WakeUp } from './wake-up.js';

export interface RelayOptions {
  readonly service: string;
  /** URL with the service's own role. */
  readonly databaseUrl: string;
  readonly nats: NatsLink;
  readonly log: Logger;
  readonly limits?: StreamLimits;
  readonly pollMs?: number;
  /** How often a process without the lock asks for it. */
  readonly lockRetryMs?: number;
  /** For fault tests. */
  readonly pass?: PassPoint | undefined;
  /** Told whether whoever publishes now, this process or another, reads rows of several events. */
  readonly onBundles?: ((read: boolean) => void) | undefined;
}

interface Published {
  readonly acked: readonly string[];
  readonly lastSeq: number;
  readonly failure: unknown;
  readonly wentBack: boolean;
}

/** Rows: a row may hold 64 KiB. */
const BATCH = 100;
/** Reading and stamping cost more than carrying. */
const GATHER = { calmMs: 5, perItemMs: 100, busyMs: 400 };
const PUBLISH_TIMEOUT_MS = 5_000;
/** Who commits says so; only what was not heard of waits so long. */
const POLL_MS = 1_000;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;
const CHECK_STREAM_MS = 10_000;
const MEASURE_MS = 5_000;
const CLEAN_UP_MS = 10 * 60_000;

/**
 * Carries committed events to JetStream, in the order of their outbox numbers, at least once. One process per service is
 * active (advisory lock). A stream that is new or has gone back is refilled with the last 14 days.
 */
export class OutboxRelay {
  private readonly wakeUp = new WakeUp();
  private readonly gathering = new Gathering(GATHER);
  private readonly stream: string;
  private readonly leaderSubject: string;
  /** Of the gauges: services that share a process have a relay each. */
  private readonly labels: { readonly source: string };
  private stopped = true;
  private loop: Promise<void> = Promise.resolve();
  // Of a clock that does not go back: the machine's may be set by years.
  private checkStreamAt = 0;
  private measureAt = 0;
  private cleanUpAt = 0;
  private lastSeq = 0;
  private failures = 0;
  private pausedUntil = 0;
  private unsubscribe: () => void = () => {};

  constructor(private readonly options: RelayOptions) {
    this.stream = streamName(options.service);
    this.leaderSubject = `outbox.${options.service}`;
    this.labels = { source: options.service };
  }

  start(): void {
    this.stopped = false;
    this.unsubscribe = this.options.nats.onReconnect(() => {
      this.checkStreamAt = 0;
      this.pausedUntil = 0;
      this.poke();
    });
    this.loop = this.run();
  }

  /** Something was committed: look now instead of at the next poll. */
  poke(): void {
    this.wakeUp.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.unsubscribe();
    this.poke();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      let store: OutboxStore | undefined;
      try {
        store = await OutboxStore.open(this.options.databaseUrl, this.options.service);
        if (await this.acquire(store)) {
          this.options.onBundles?.(true);
          const undo = this.hearOthers();
          await this.lead(store).finally(undo);
        }
      } catch (err) {
        this.options.log.warn({ err }, 'outbox relay interrupted');
        await this.wakeUp.wait(this.pollMs);
      } finally {
        gauge('kw_outbox_active').set(this.labels, 0);
        // Another process may be the next to publish, one of a release before.
        this.options.onBundles?.(false);
        await store?.close().catch(() => {});
      }
    }
  }

  private async acquire(store: OutboxStore): Promise<boolean> {
    while (!this.stopped) {
      if (await store.tryLock()) return true;
      this.options.onBundles?.(await store.leaderReadsBundles());
      await this.tellLeader(performance.now() + (this.options.lockRetryMs ?? 1_000));
    }
    return false;
  }

  /** Until then: what is committed here is published by the process that has the lock. */
  private async tellLeader(until: number): Promise<void> {
    for (let left = until - performance.now(); left > 0 && !this.stopped; left = until - performance.now()) {
      const { nats } = this.options;
      if (!(await this.wakeUp.wait(left)) || !nats.connected) continue;
      nats.now().publish(this.leaderSubject);
      // The leader gathers as well: it need not hear of each commit.
      await pause(GATHER.calmMs);
    }
  }

  /** Returns an undo. What is not heard is found by the next poll. */
  private hearOthers(): () => void {
    let over = false;
    let end = () => {};
    const listen = async () => {
      const connection = await this.options.nats.ready();
      if (over) return;
      const heard = connection.subscribe(this.leaderSubject, { callback: () => this.poke() });
      end = () => heard.unsubscribe();
    };
    // The service stops before there was a connection, or while it is closed.
    listen().catch(() => {});
    return () => {
      over = true;
      end();
    };
  }

  private async lead(store: OutboxStore): Promise<void> {
    gauge('kw_outbox_active').set(this.labels, 1);
    this.checkStreamAt = 0;
    while (!this.stopped) {
      const able = this.options.nats.connected && performance.now() >= this.pausedUntil;
      const more = able && (await this.step(store));
      await this.measure(store);
      // What is committed within the next moments goes in the same round.
      if (!more && (await this.wakeUp.wait(this.pollMs)) && !this.stopped) {
        await pause(this.gathering.waitMs(performance.now()));
      }
    }
  }

  /** True when there may be more to publish at once. */
  private async step(store: OutboxStore): Promise<boolean> {
    try {
      await this.checkStream(store);
    } catch (err) {
      this.options.log.warn({ err }, 'stream could not be checked');
      this.pause();
      return false;
    }
    const events = await store.unpublished(BATCH);
    if (events.length === 0) return false;
    this.gathering.roundBegins(performance.now(), events.length);
    await this.options.pass?.('before-publish');
    const published = await this.publishAll(events);
    await this.options.pass?.('before-stamp');
    if (published.wentBack) {
      // Noted in the database first: the refill must happen even if this process dies now.
      await store.saveStreamState(this.stream, { created: 'went back', lastSeq: this.lastSeq });
      this.checkStreamAt = 0;
      return true;
    }
    const { acked, lastSeq, failure } = published;
    this.lastSeq = lastSeq;
    if (acked.length > 0) await store.stamp(acked, this.stream, lastSeq);
    counter('kw_outbox_published_total').inc(acked.length);
    if (failure === undefined) this.failures = 0;
    else {
      this.pause();
      counter('kw_outbox_failures_total').inc();
      this.options.log.warn(
        { err: failure, failed: events.length - acked.length },
        'events could not be published',
      );
      this.checkStreamAt = 0;
    }
    return failure === undefined && events.length === BATCH;
  }

  private async publishAll(events: readonly WaitingEvent[]): Promise<Published> {
    const js = jetstream(this.options.nats.now(), { timeout: PUBLISH_TIMEOUT_MS });
    const messages = messagesOf(events);
    const results = await Promise.allSettled(messages.map((message) => publish(js, message)));
    const acked: string[] = [];
    let lastSeq = this.lastSeq;
    let failure: unknown;
    let wentBack = false;
    results.forEach((result, index) => {
      if (result.status === 'rejected') {
        failure ??= result.reason;
        return;
      }
      // A fresh message numbered below what was acknowledged before: the stream has lost its end.
      wentBack ||= !result.value.duplicate && result.value.seq <= this.lastSeq;
      lastSeq = Math.max(lastSeq, result.value.seq);
      acked.push(...messages[index]!.eventIds);
    });
    return { acked, lastSeq, failure, wentBack };
  }

  private async checkStream(store: OutboxStore): Promise<void> {
    const now = performance.now();
    if (now < this.checkStreamAt) return;
    const jsm = await jetstreamManager(this.options.nats.now(), {
      checkAPI: false,
      timeout: PUBLISH_TIMEOUT_MS,
    });
    const info = await ensureStream(jsm, this.options.service, this.options.limits);
    const found = { created: String(info.created), lastSeq: info.state.last_seq };
    const known = await store.streamState(this.stream);
    if (known !== undefined && lostData(known, found)) {
      const events = await store.unstampAll();
      counter('kw_outbox_refills_total').inc();
      this.options.log.warn(
        { stream: this.stream, events },
        'stream lost data, refilling it from the outbox',
      );
      await store.saveStreamState(this.stream, found);
    } else if (known === undefined) {
      await store.saveStreamState(this.stream, found);
    }
    this.lastSeq = found.lastSeq;
    this.checkStreamAt = now + CHECK_STREAM_MS;
  }

  /** A full or absent stream is asked again less and less often. */
  private pause(): void {
    this.pausedUntil = performance.now() + Math.min(FIRST_PAUSE_MS * 2 ** this.failures++, MAX_PAUSE_MS);
  }

  private async measure(store: OutboxStore): Promise<void> {
    const now = performance.now();
    if (now >= this.measureAt) {
      this.measureAt = now + MEASURE_MS;
      const { pending, oldestSeconds } = await store.backlog();
      gauge('kw_outbox_pending').set(this.labels, pending);
      gauge('kw_outbox_oldest_seconds').set(this.labels, oldestSeconds);
    }
    if (now >= this.cleanUpAt) {
      this.cleanUpAt = now + CLEAN_UP_MS;
      await store.cleanUp();
    }
  }

  private get pollMs(): number {
    return this.options.pollMs ?? POLL_MS;
  }
}

function publish(js: JetStreamClient, message: EventMessage): Promise<PubAck> {
  const { subject, payload, traceparent, id } = message;
  const options = { msgID: id, timeout: PUBLISH_TIMEOUT_MS };
  if (traceparent === undefined) return js.publish(subject, payload, options);
  const carried = headers();
  carried.set('traceparent', traceparent);
  return js.publish(subject, payload, { ...options, headers: carried });
}
