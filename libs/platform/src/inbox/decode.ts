import { groupBy, invalid, isUuid, tenantId, type AppError } from '@kilowatch/kernel';
import type { EventMeta } from '../db/published-event.js';
import { eventsOf, type CarriedEvent } from '../nats/event-message.js';
import type { AnyEventHandler } from './event-handler.js';

export interface IncomingEvent {
  readonly kind: 'event';
  readonly meta: EventMeta;
  readonly payload: unknown;
  readonly handlers: readonly AnyEventHandler[];
}

interface Poison {
  readonly kind: 'poison';
  readonly reason: string;
}

export type Decoded =
  | IncomingEvent
  /** Nobody here listens to this event. */
  | { readonly kind: 'unhandled' }
  | Poison;

/** Handlers by `<service>.<event>.v<version>`. */
export type HandlerTable = ReadonlyMap<string, readonly AnyEventHandler[]>;

export function handlerTable(handlers: readonly AnyEventHandler[]): HandlerTable {
  return groupBy(handlers, ({ event }) => `${event.service}.${event.name}.v${event.version}`);
}

/** A message as an event, or why it is none. Subject: `evt.<service>.<event>.v<version>.<tenant>`. Trusts nothing. */
export function decodeMessage(table: HandlerTable, subject: string, data: Uint8Array): Decoded {
  const [, service, name, version, tenant, ...rest] = subject.split('.');
  const handlers = table.get(`${service}.${name}.${version}`);
  if (handlers === undefined) return { kind: 'unhandled' };
  if (tenant === undefined || rest.length > 0) return poison('subject has no tenant');
  try {
    const payload = handlers[0]!.event.decode(data) as { meta?: Partial<EventMeta> };
    const problem = metaProblem(payload.meta, tenant);
    return problem === undefined
      ? { kind: 'event', meta: payload.meta as EventMeta, payload, handlers }
      : poison(problem);
  } catch (error) {
    return poison(reasonOf(error));
  }
}

/** An event of a message, as it came and as it reads. */
export interface Part {
  readonly carried: CarriedEvent;
  readonly decoded: Exclude<Decoded, { readonly kind: 'unhandled' }>;
}

/** The events of a message that somebody here listens to, in their order; a bundle that cannot be taken apart is one poison part. */
export function partsOf(table: HandlerTable, message: CarriedEvent): Part[] {
  let events: readonly CarriedEvent[];
  try {
    events = eventsOf(message);
  } catch (error) {
    return [{ carried: message, decoded: poison(reasonOf(error)) }];
  }
  return events.flatMap((carried) => {
    const decoded = decodeMessage(table, carried.subject, carried.payload);
    return decoded.kind === 'unhandled' ? [] : [{ carried, decoded }];
  });
}

/** What a poison message is set aside with. */
export function undecodable(reason: string): AppError {
  return invalid('EVENT_UNDECODABLE', 'The event cannot be read.', { reason }, new Error(reason));
}

/** The tenant token of a subject, `unknown` where there is none: for dead letters of undecodable messages. */
export function subjectTenant(subject: string): string {
  try {
    return tenantId(subject.split('.')[4] ?? '');
  } catch {
    return 'unknown';
  }
}

function metaProblem(meta: Partial<EventMeta> | undefined, tenant: string): string | undefined {
  if (meta === undefined) return 'event without meta';
  if (!isUuid(meta.eventId ?? '')) return 'event id is no UUID';
  if (meta.tenant !== tenant) return 'tenant of event and subject differ';
  tenantId(tenant);
  if (!(meta.occurredAt instanceof Date) || Number.isNaN(meta.occurredAt.getTime()))
    return 'event without time';
  return undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'undecodable';
}

function poison(reason: string): Poison {
  return { kind: 'poison', reason };
}
