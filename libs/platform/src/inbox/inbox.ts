import { internal, type AppError, type IdSource } from '@kilowatch/kernel';
import type { JsMsg } from '@nats-io/jetstream';
import type { PassPoint } from '../crash/crash-points.js';
import type { Database } from '../db/database.js';
import { isDatabaseUnavailable } from '../db/database-error.js';
import type { DueWorkDefinition } from '../db/due-work.js';
import { SYSTEM_SCOPE } from '../db/scope.js';
import type { Logger } from '../log/logger.js';
import type { NatsLink } from '../nats/nats-link.js';
import { counter, histogram } from '../trace/metrics.js';
import { applyEvents, type TracedEvent } from './apply-events.js';
import { insertDeadLetter, listDeadLetters, type DeadLetter } from './dead-letters.js';
import { decodeMessage, handlerTable, subjectTenant, undecodable, type HandlerTable } from './decode.js';
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

interface Delivery {
  readonly message: JsMsg;
  readonly event: TracedEvent;
}

/** Everything a service consumes: one durable per source service, each event's effect once. */
export class Inbox {
  private readonly table: HandlerTable;
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
          process: (messages) => this.process(source, messages),
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

  private async process(source: string, messages: readonly JsMsg[]): Promise<void> {
    const stopTimer = histogram('kw_inbox_batch_seconds').startTimer({ source });
    const deliveries: Delivery[] = [];
    for (const message of messages) {
      const decoded = decodeMessage(this.table, message.subject, message.data);
      if (decoded.kind === 'unhandled') message.ack();
      else if (decoded.kind === 'poison') await this.bury(source, message, undecodable(decoded.reason));
      else deliveries.push({ message, event: { ...decoded, traceparent: traceparentOf(message) } });
    }
    if (deliveries.length > 0 && !(await this.tryTogether(source, deliveries))) {
      for (const delivery of deliveries) await this.alone(source, delivery);
    }
    stopTimer();
  }

  /** False: something in the batch failed, nothing of it happened. */
  private async tryTogether(source: string, deliveries: readonly Delivery[]): Promise<boolean> {
    if (deliveries.length === 1) return false;
    try {
      await applyEvents(this.options.database, deliveries.map((delivery) => delivery.event)); // prettier-ignore
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      return false;
    }
    await this.options.pass?.('before-ack');
    for (const delivery of deliveries) this.done(source, delivery);
    return true;
  }

  private async alone(source: string, delivery: Delivery): Promise<void> {
    const { message, event } = delivery;
    try {
      await applyEvents(this.options.database, [event]);
      await this.options.pass?.('before-ack');
      this.done(source, delivery);
    } catch (thrown) {
      // Nobody's fault and no delivery used up: the whole batch waits for the database.
      if (isDatabaseUnavailable(thrown)) throw thrown;
      const decision = verdict(
        thrown,
        message.info.deliveryCount,
        this.options.maxDeliver ?? DEFAULT_MAX_DELIVER,
      );
      if (decision.action === 'dead-letter') return this.bury(source, message, decision.error, event);
      counter('kw_inbox_events_total').inc({ source, event: eventName(event), outcome: 'retried' });
      this.options.log.warn(
        { err: thrown, subject: message.subject, eventId: event.meta.eventId },
        'event will be tried again',
      );
      message.nak(decision.delayMs);
    }
  }

  private async bury(source: string, message: JsMsg, error: AppError, event?: TracedEvent): Promise<void> {
    const { database, ids, log } = this.options;
    await database.transaction(SYSTEM_SCOPE, (tx) =>
      insertDeadLetter(
        tx,
        {
          id: ids.newId(),
          tenant: subjectTenant(message.subject),
          source,
          subject: message.subject,
          eventId: event?.meta.eventId ?? `${message.info.stream}:${message.seq}`,
          payload: message.data,
          traceparent: traceparentOf(message) ?? null,
          deliveries: message.info.deliveryCount,
        },
        error,
      ),
    );
    message.term();
    counter('kw_dead_letters_total').inc({ source, kind: error.kind });
    log.error(
      { err: error, subject: message.subject, eventId: event?.meta.eventId },
      'event set aside as dead letter',
    );
  }

  private done(source: string, { message, event }: Delivery): void {
    message.ack();
    counter('kw_inbox_events_total').inc({ source, event: eventName(event), outcome: 'done' });
  }
}

function eventName(event: TracedEvent): string {
  const [handler] = event.handlers;
  if (handler === undefined)
    throw internal('INBOX_NO_HANDLER', 'An event reached the inbox without a handler.');
  return handler.event.name;
}

function traceparentOf(message: JsMsg): string | undefined {
  const value = message.headers?.get('traceparent');
  return value === '' ? undefined : value;
}
