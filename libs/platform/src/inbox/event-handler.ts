import type { EventType } from '@kilowatch/contracts';
import type { EventMeta } from '../db/published-event.js';
import type { Tx } from '../db/tx.js';

/**
 * What a service does about one kind of event. `tx` is in the event's tenant scope and may hold other events of the same
 * batch; the effect and the note "seen" commit together, so it happens once. Several versions of one aggregate may arrive out of
 * order: write `... ON CONFLICT DO UPDATE ... WHERE t.version < excluded.version`.
 */
export interface EventHandler<T = never> {
  readonly event: EventType<T>;
  handle(tx: Tx, payload: T, meta: EventMeta): Promise<void>;
  /**
   * Several events of one tenant that follow each other in the stream, in its order: for hot paths, where one statement for all
   * is cheaper than one each. Must do what `handle` does for each of them.
   */
  handleTogether?(tx: Tx, events: readonly Received<T>[]): Promise<void>;
  /**
   * What `handle` reads and writes belongs to the event's aggregate alone: events of other aggregates are worked on at the same
   * time, in the same transaction, so that their statements travel together. Locks do not keep them apart there.
   */
  readonly sideBySide?: true;
}

export interface Received<T> {
  readonly payload: T;
  readonly meta: EventMeta;
}

/** Handlers of different events together; the payload each gets is the one its own `event` decodes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handler is contravariant in T: no other type takes them all
export type AnyEventHandler = EventHandler<any>;
