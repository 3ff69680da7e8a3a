import { AckPolicy, DeliverPolicy, jetstreamManager, type Consumer, type JsMsg } from '@nats-io/jetstream';
import type { Logger } from '../log/logger.js';
import type { NatsLink } from '../nats/nats-link.js';
import { findStream, isApiError, streamName, streamSubject } from '../nats/streams.js';
import { WakeUp } from '../outbox/wake-up.js';

export interface SourceConsumerOptions {
  /** Service whose events are consumed. */
  readonly source: string;
  /** Consuming service: the name of the durable. */
  readonly service: string;
  readonly nats: NatsLink;
  readonly log: Logger;
  /** Decides on every message of the batch (ack, nak). Throws when that is not possible now: the batch comes again. */
  readonly process: (messages: readonly JsMsg[]) => Promise<void>;
  /** How long what has just arrived waits for company, in milliseconds. */
  readonly waitMs: () => number;
}

/** Messages of a batch; a message may be a bundle, so its bytes count as well. */
const BATCH = 100;
const BATCH_BYTES = 256 * 1024;
/** What a process holds and has not settled: bundles, so it is bounded in bytes by 64 KiB each. */
const MAX_ACK_PENDING = 100;
const ACK_WAIT_MS = 30_000;
/** What waits here longer is still worked on: the server must not deliver it again. */
const STILL_WORKING_MS = ACK_WAIT_MS / 3;
const NANOS_PER_MS = 1_000_000;
const CONSUMER_NOT_FOUND = 10_014;
const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 5_000;

/**
 * The durable pull consumer of one source stream: messages arrive as they are published, whatever has arrived when the last
 * batch is done is the next one. Makes the durable again when NATS lost it (the inbox drops what comes twice).
 */
export class SourceConsumer {
  private readonly wakeUp = new WakeUp();
  private queue: JsMsg[] = [];
  /** Under way. */
  private batch: readonly JsMsg[] = [];
  private stopped = true;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: SourceConsumerOptions) {}

  start(): void {
    this.stopped = false;
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wakeUp.wake();
    await this.loop;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopped;) {
      try {
        if (!this.options.nats.connected) {
          await this.wakeUp.wait(FIRST_WAIT_MS);
          continue;
        }
        const consumer = await this.ensureConsumer();
        if (consumer !== undefined) {
          failures = 0;
          await this.consume(consumer);
          continue;
        }
      } catch (err) {
        this.options.log.warn({ err, source: this.options.source }, 'event consumer interrupted');
      }
      await this.wakeUp.wait(waitMs(failures++));
    }
  }

  /** undefined while the producer has not made its stream. */
  private async ensureConsumer(): Promise<Consumer | undefined> {
    const { source, service, nats } = this.options;
    const jsm = await jetstreamManager(nats.now(), { checkAPI: false });
    const stream = streamName(source);
    const streamInfo = await findStream(jsm, stream);
    if (streamInfo === undefined) return undefined;
    try {
      const info = await jsm.consumers.info(stream, service);
      // Ahead of a stream that lost its end, it would skip what is published next.
      if (info.delivered.stream_seq <= streamInfo.state.last_seq) {
        const held =
          info.config.max_ack_pending === MAX_ACK_PENDING
            ? info
            : await jsm.consumers.update(stream, service, { max_ack_pending: MAX_ACK_PENDING });
        return jsm.jetstream().consumers.getConsumerFromInfo(held);
      }
      await jsm.consumers.delete(stream, service);
    } catch (error) {
      if (!isApiError(error, CONSUMER_NOT_FOUND)) throw error;
    }
    const made = await jsm.consumers.add(stream, {
      durable_name: service,
      filter_subject: streamSubject(source),
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: ACK_WAIT_MS * NANOS_PER_MS,
      max_deliver: -1,
      max_ack_pending: MAX_ACK_PENDING,
    });
    return jsm.jetstream().consumers.getConsumerFromInfo(made);
  }

  private async consume(consumer: Consumer): Promise<void> {
    let open = true;
    const messages = await consumer.consume({
      max_messages: MAX_ACK_PENDING,
      expires: 10_000,
      abort_on_missing_resource: true,
    });
    // A new connection may lead to a server that knows neither stream nor durable: begin again.
    const undo = this.options.nats.onReconnect(() => void messages.close());
    const pump = (async () => {
      for await (const message of messages) {
        this.queue.push(message);
        this.wakeUp.wake();
      }
    })().finally(() => {
      open = false;
      this.wakeUp.wake();
    });
    pump.catch(() => {});
    const stillWorking = setInterval(() => this.stillWorking(), STILL_WORKING_MS);
    try {
      while (open && !this.stopped) {
        if (this.queue.length === 0) {
          await this.wakeUp.wait(1_000);
          continue;
        }
        await this.gather();
        this.batch = this.queue.splice(0, batchOf(this.queue).size);
        await this.processUntilDone(this.batch);
        this.batch = [];
      }
    } finally {
      clearInterval(stillWorking);
      undo();
      void messages.close();
      for (const message of this.queue.splice(0)) message.nak();
    }
    await pump;
  }

  /** What arrives in the next moments joins the batch, until it is full: where much waits at the server, the next round begins at once. */
  private async gather(): Promise<void> {
    const until = performance.now() + this.options.waitMs();
    while (!this.stopped && !batchOf(this.queue).full) {
      const left = until - performance.now();
      if (left <= 0) return;
      await this.wakeUp.wait(left);
    }
  }

  /** Also about what waits behind: redelivered copies would pile up in memory. */
  private stillWorking(): void {
    for (const message of [...this.batch, ...this.queue]) message.working();
  }

  private async processUntilDone(batch: readonly JsMsg[]): Promise<void> {
    for (let failures = 0; !this.stopped; failures++) {
      try {
        await this.options.process(batch);
        return;
      } catch (err) {
        this.options.log.warn({ err, source: this.options.source }, 'events wait for the database');
        this.stillWorking();
        await this.wakeUp.wait(waitMs(failures));
      }
    }
    for (const message of batch) message.nak();
  }
}

/** How many of the queue's first messages make a batch, one at least; full: there is no room for another. */
export function batchOf(queue: readonly { readonly data: Uint8Array }[]): { size: number; full: boolean } {
  let bytes = 0;
  const end = queue.slice(0, BATCH).findIndex(({ data }) => (bytes += data.length) > BATCH_BYTES);
  return end === -1
    ? { size: Math.min(BATCH, queue.length), full: queue.length >= BATCH }
    : { size: Math.max(1, end), full: true };
}

function waitMs(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** failures, MAX_WAIT_MS);
}
