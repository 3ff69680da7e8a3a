/** An event as `@kilowatch/contracts` declares it (`events.sessionStarted`), seen from the platform. */
export interface EventType<T> {
  /** Producing service, as it stands in the subject. */
  readonly service: string;
  /** Snake case, past tense. */
  readonly name: string;
  readonly version: number;
  subject(tenant: string): string;
  encode(payload: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

/** kilowatch.common.v1.EventMeta, first field of every event. */
export interface EventMeta {
  readonly eventId: string;
  readonly tenant: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly occurredAt: Date;
  readonly producer: string;
}

/** What the publisher says about an event; the platform fills in the rest of its meta. */
export interface EventToPublish<T> {
  /** Default: the tenant of the transaction's scope. */
  readonly tenant?: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly occurredAt: Date;
  readonly payload: Omit<T, 'meta'>;
}
