import { createHash } from 'node:crypto';
import { common } from '@kilowatch/contracts';
import { packed } from '@kilowatch/kernel';

/** One event on its way: subject `evt.<service>.<event>.v<version>.<tenant>`. */
export interface CarriedEvent {
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly traceparent: string | undefined;
}

/** One JetStream message: a single event, or several as a bundle (docs/adr/0012). */
export interface EventMessage extends CarriedEvent {
  /** Equal for equal content only, so that JetStream never takes one message for another. */
  readonly id: string;
  readonly eventIds: readonly string[];
}

const BUNDLE = 'bundle.v1';
const MOST_EVENTS = 50;
/** A consumer holds a hundred messages in memory. */
const MOST_BYTES = 64 * 1024;

/** An event that waits in a row of the outbox, or several of one transaction and tenant as a bundle. */
export type WaitingEvent = CarriedEvent & {
  /** Of the event, or of the first of several: it names the row. */
  readonly eventId: string;
};

/**
 * The events of a transaction as rows of the outbox: those of a tenant share rows as far as they fit. The subject of such a row ends with
 * the row's id, behind the tenant: a relay of before, which knows no rows of several events, leaves it as it is and puts nothing beside it.
 */
export function rowsOf<E extends WaitingEvent>(events: readonly E[]): E[] {
  return packsOf(events).map((pack) => {
    const first = pack[0]!;
    if (pack.length === 1) return first;
    const subject = `${bundleSubject(first.subject)}.${first.eventId}`;
    return { ...first, subject, payload: bundleOf(pack), traceparent: undefined };
  });
}

/** Rows of one service's outbox as messages: those of a tenant keep their order and share messages as far as they fit. */
export function messagesOf(rows: readonly WaitingEvent[]): EventMessage[] {
  return packsOf(rows).map(messageOf);
}

/** The events of a message, or of a row, in their order. Throws when a bundle cannot be read. */
export function eventsOf(message: CarriedEvent): CarriedEvent[] {
  const { prefix, service, kind, tenant, rest } = partsOfSubject(message.subject);
  if (kind !== BUNDLE) return [message];
  if (tenant === undefined || rest.length > 1) throw new Error('a bundle without a tenant');
  return common.EventBundle.decode(message.payload).events.map(({ kind, payload, traceparent }) => ({
    subject: `${prefix}.${service}.${kind}.${tenant}`,
    payload,
    traceparent: traceparent === '' ? undefined : traceparent,
  }));
}

function packsOf<E extends WaitingEvent>(events: readonly E[]): E[][] {
  return packed(events, ({ subject }) => partsOfSubject(subject).tenant, {
    most: MOST_EVENTS,
    mostSize: MOST_BYTES,
    sizeOf: ({ payload }) => payload.length,
    countOf: (row) => (isBundle(row) ? common.EventBundle.decode(row.payload).events.length : 1),
  });
}

function messageOf(rows: readonly WaitingEvent[]): EventMessage {
  const eventIds = rows.map(({ eventId }) => eventId);
  const [first] = rows;
  const { subject, payload, traceparent } = first!;
  if (rows.length > 1)
    return {
      subject: bundleSubject(subject),
      payload: bundleOf(rows),
      traceparent: undefined,
      id: createHash('sha256').update(eventIds.join()).digest('base64url'),
      eventIds,
    };
  const carried = isBundle(first!) ? bundleSubject(subject) : subject;
  return { subject: carried, payload, traceparent, id: first!.eventId, eventIds };
}

/** Of bundles one after the other the encoding is that of one bundle with the events of all. */
function bundleOf(rows: readonly WaitingEvent[]): Uint8Array {
  return Buffer.concat(rows.map((row) => (isBundle(row) ? row.payload : bundleOfOne(row))));
}

function bundleOfOne({ subject, payload, traceparent }: WaitingEvent): Uint8Array {
  const { kind } = partsOfSubject(subject);
  const event = { kind, payload: asBuffer(payload), traceparent: traceparent ?? '' };
  return common.EventBundle.encode({ events: [event] }).finish();
}

function isBundle({ subject }: CarriedEvent): boolean {
  return partsOfSubject(subject).kind === BUNDLE;
}

function bundleSubject(subject: string): string {
  const { prefix, service, tenant } = partsOfSubject(subject);
  return `${prefix}.${service}.${BUNDLE}.${tenant}`;
}

function partsOfSubject(subject: string) {
  const [prefix, service, name, version, tenant, ...rest] = subject.split('.');
  return { prefix, service, kind: `${name}.${version}`, tenant, rest };
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
