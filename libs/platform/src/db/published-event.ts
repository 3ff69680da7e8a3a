/** kilowatch.common.v1.EventMeta, first field of every event, checked to be complete. */
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
