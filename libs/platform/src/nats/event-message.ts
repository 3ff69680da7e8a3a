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

type WaitingEvent = CarriedEvent & { readonly eventId: string };

/** Events of one service as messages: those of a tenant keep their order and share messages as far as they fit. */
export function messagesOf(events: readonly WaitingEvent[]): EventMessage[] {
  const tenantOf = ({ subject }: WaitingEvent) => subject.slice(subject.lastIndexOf('.') + 1);
  return packed(events, tenantOf, {
    most: MOST_EVENTS,
    mostSize: MOST_BYTES,
    sizeOf: ({ payload }) => payload.length,
  }).map(messageOf);
}

/** The events of a message in their order. Throws when a bundle cannot be read. */
export function eventsOf(message: CarriedEvent): CarriedEvent[] {
  const [prefix, service, name, version, tenant, ...rest] = message.subject.split('.');
  if (`${name}.${version}` !== BUNDLE) return [message];
  if (tenant === undefined || rest.length > 0) throw new Error('a bundle without a tenant');
  return common.EventBundle.decode(message.payload).events.map(({ kind, payload, traceparent }) => ({
    subject: `${prefix}.${service}.${kind}.${tenant}`,
    payload,
    traceparent: traceparent === '' ? undefined : traceparent,
  }));
}

function messageOf(events: readonly WaitingEvent[]): EventMessage {
  const eventIds = events.map(({ eventId }) => eventId);
  const [first] = events;
  const { subject, payload, traceparent } = first!;
  if (events.length === 1) return { subject, payload, traceparent, id: first!.eventId, eventIds };
  const [prefix, service, , , tenant] = subject.split('.');
  const bundle = {
    events: events.map(({ subject, payload, traceparent }) => {
      const [, , name, version] = subject.split('.');
      return { kind: `${name}.${version}`, payload: asBuffer(payload), traceparent: traceparent ?? '' };
    }),
  };
  return {
    subject: `${prefix}.${service}.${BUNDLE}.${tenant}`,
    payload: common.EventBundle.encode(bundle).finish(),
    traceparent: undefined,
    id: createHash('sha256').update(eventIds.join()).digest('base64url'),
    eventIds,
  };
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
