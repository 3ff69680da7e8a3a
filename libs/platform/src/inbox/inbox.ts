import { groupBy, internal, type AppError, type IdSource } from '@kilowatch/kernel';
import type { JsMsg } from '@nats-io/jetstream';
import type { PassPoint } from '../crash/crash-points.js';
import type { Database } from '../db/database.js';
import { isDatabaseUnavailable } from '../db/database-error.js';
import type { DueWorkDefinition } from '../db/due-work.js';
import { SYSTEM_SCOPE } from '../db/scope.js';
import type { Logger } from '../log/logger.js';
import type { CarriedEvent } from '../nats/event-message.js';
import type { NatsLink } from '../nats/nats-link.js';
import { Gathering } from '../outbox/gathering.js';
import { counter, histogram } from '../trace/metrics.js';
import { applyEvents, type TracedEvent } from './apply-events.js';
import { insertDeadLetter, listDeadLetters, type DeadLetter } from './dead-letters.js';
import { handlerTable, partsOf, subjectTenant, undecodable, type HandlerTable } from './decode.js';
import type { AnyEventHandler } from './event-handler.js';
import { deadLetterReplay } from './dead-letter-replay.js';
import { DEFAULT_MAX_DELIVER, verdict } from './retry-policy.js';
import { SourceConsumer } from './source-consumer.js';

export interface InboxOptions {
  readonly database: Database;
  readonly nats: NatsLink;
  readonly handlers: readonly AnyEventHandler[];
  readonly ids: IdSource;
  readonly log: Logger;
  readonly maxDeliver?: number;
  /** For fault tests. */
  readonly pass?: PassPoint | undefined;
}

/** A message and those of its events that somebody here listens to. */
interface Delivery {
  readonly source: string;
  readonly message: JsMsg;
  readonly events: readonly Arrived[];
}

interface Arrived {
  readonly event: TracedEvent;
  /** As it came, for the dead letter. */
  readonly carried: CarriedEvent;
}

/** What one source brings to a round. */
interface Batch {
  readonly source: string;
  readonly messages: readonly JsMsg[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** A transaction for each event, or for each source, would cost more than their effects. */
const GATHER = { calmMs: 20, perItemMs: 25, busyMs: 1_000 };

/**
 * Everything a service consumes: one durable per source service, each event's effect once. What has come from all sources goes
 * in one transaction, a round.
 */
export class Inbox {
  private readonly table: HandlerTable;
  private readonly gathering = new Gathering(GATHER);
  private waiting: Batch[] = [];
  private working = false;
  private readonly consumers: readonly SourceConsumer[];

  constructor(private readonly options: InboxOptions) {
    this.table = handlerTable(options.handlers);
    const sources = [...new Set(options.handlers.map((handler) => handler.event.service))];
    this.consumers = sources.map(
      (source) =>
        new SourceConsumer({
          source,
          service: options.database.service,
          nats: options.nats,
          log: options.log,
          process: (messages) => this.join(source, messages),
          waitMs: () => this.gathering.waitMs(performance.now()),
        }),
    );
  }

  start(): void {
    for (const consumer of this.consumers) consumer.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  listDeadLetters(options: { limit: number; all?: boolean }): Promise<DeadLetter[]> {
    return this.options.database.read(SYSTEM_SCOPE, (tx) => listDeadLetters(tx, options));
  }

  /** The job that replays what `npm run dead-letters -- replay` asks for. */
  get deadLetterReplay(): DueWorkDefinition<DeadLetter> {
    return deadLetterReplay(this.table);
  }

  private join(source: string, messages: readonly JsMsg[]): Promise<void> {
    const stopTimer = histogram('kw_inbox_batch_seconds').startTimer({ source });
    const worked = new Promise<void>((done, failed) => {
      this.waiting.push({ source, messages, done, failed });
    });
    this.begin();
    return worked.finally(stopTimer);
  }

  /** Sources that waited for the same moment are all there a turn of the event loop later. */
  private begin(): void {
    if (this.working) return;
    this.working = true;
    setImmediate(() => {
      const batches = this.waiting;
      this.waiting = [];
      void this.round(batches).then(() => {
        this.working = false;
        if (this.waiting.length > 0) this.begin();
      });
    });
  }

  /** Never rejects: what failed is told to the sources. */
  private async round(batches: readonly Batch[]): Promise<void> {
    try {
      await this.process(batches);
      for (const { done } of batches) done();
    } catch (error) {
      for (const { failed } of batches) failed(error);
    }
  }

  private async process(batches: readonly Batch[]): Promise<void> {
    const deliveries: Delivery[] = [];
    let events = 0;
    for (const { source, messages } of batches) {
      for (const message of messages) {
        const arrived = await this.read(source, message);
        if (arrived.length === 0) message.ack();
        else deliveries.push({ source, message, events: arrived });
        events += arrived.length;
      }
    }
    this.gathering.roundBegins(performance.now(), events);
    if (deliveries.length === 0 || (await this.tryTogether(deliveries))) return;
    // One bad event costs its own message the fast road, not all that came with it.
    for (const delivery of deliveries) {
      const tried = deliveries.length === 1;
      if (tried || !(await this.tryTogether([delivery]))) await this.oneByOne(delivery);
    }
  }

  /** The events that concern this service; what cannot be read is set aside. */
  private async read(source: string, message: JsMsg): Promise<Arrived[]> {
    const events: Arrived[] = [];
    for (const [index, { carried, decoded }] of partsOf(this.table, carriedBy(message)).entries()) {
      if (decoded.kind === 'event')
        events.push({ carried, event: { ...decoded, traceparent: carried.traceparent } });
      else {
        // It has no event id that could be read.
        const id = `${message.info.stream}:${message.seq}:${index}`;
        await this.bury(source, message, carried, undecodable(decoded.reason), id);
      }
    }
    return events;
  }

  /** False: something in the round failed, nothing of it happened. */
  private async tryTogether(deliveries: readonly Delivery[]): Promise<boolean> {
    const events = deliveries.flatMap((delivery) => delivery.events.map(({ event }) => event));
    if (events.length === 1) return false;
    try {
      await applyEvents(this.options.database, events);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      return false;
    }
    await this.options.pass?.('before-ack');
    for (const { source, message, events: settled } of deliveries) {
      message.ack();
      this.count(source, 'done', settled.map(({ event }) => event)); // prettier-ignore
    }
    return true;
  }

  /** A message whose events are all settled is acknowledged; else it comes again, and the inbox drops what was done. */
  private async oneByOne({ source, message, events }: Delivery): Promise<void> {
    let againAfterMs: number | undefined;
    for (const arrived of events) {
      const delayMs = await this.alone(source, message, arrived);
      if (delayMs !== undefined) againAfterMs = Math.max(againAfterMs ?? 0, delayMs);
    }
    if (againAfterMs === undefined) message.ack();
    else message.nak(againAfterMs);
  }

  /** undefined: settled; else after how many milliseconds it is to come again. */
  private async alone(
    source: string,
    message: JsMsg,
    { event, carried }: Arrived,
  ): Promise<number | undefined> {
    try {
      await applyEvents(this.options.database, [event]);
      await this.options.pass?.('before-ack');
      this.count(source, 'done', [event]);
    } catch (thrown) {
      // Nobody's fault and no delivery used up: the whole batch waits for the database.
      if (isDatabaseUnavailable(thrown)) throw thrown;
      const decision = verdict(
        thrown,
        message.info.deliveryCount,
        this.options.maxDeliver ?? DEFAULT_MAX_DELIVER,
      );
      if (decision.action === 'retry') {
        this.count(source, 'retried', [event]);
        this.options.log.warn(
          { err: thrown, subject: carried.subject, eventId: event.meta.eventId },
          'event will be tried again',
        );
        return decision.delayMs;
      }
      await this.bury(source, message, carried, decision.error, event.meta.eventId);
    }
    return undefined;
  }

  /** Sets a message, or one event of it, aside. */
  private async bury(
    source: string,
    message: JsMsg,
    { subject, payload, traceparent }: CarriedEvent,
    error: AppError,
    eventId: string,
  ): Promise<void> {
    const { database, ids, log } = this.options;
    await database.transaction(SYSTEM_SCOPE, (tx) =>
      insertDeadLetter(
        tx,
        {
          id: ids.newId(),
          tenant: subjectTenant(subject),
          source,
          subject,
          eventId,
          payload,
          traceparent: traceparent ?? null,
          deliveries: message.info.deliveryCount,
        },
        error,
      ),
    );
    counter('kw_dead_letters_total').inc({ source, kind: error.kind });
    log.error({ err: error, subject, eventId }, 'event set aside as dead letter');
  }

  private count(source: string, outcome: 'done' | 'retried', events: readonly TracedEvent[]): void {
    for (const [event, of] of groupBy(events, eventName))
      counter('kw_inbox_events_total').inc({ source, event, outcome }, of.length);
  }
}

function carriedBy(message: JsMsg): CarriedEvent {
  const traceparent = message.headers?.get('traceparent');
  return {
    subject: message.subject,
    payload: message.data,
    traceparent: traceparent === '' ? undefined : traceparent,
  };
}

function eventName(event: TracedEvent): string {
  const [handler] = event.handlers;
  if (handler === undefined)
    throw internal('INBOX_NO_HANDLER', 'An event reached the inbox without a handler.');
  return handler.event.name;
}
