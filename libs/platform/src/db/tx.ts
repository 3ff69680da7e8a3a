import type { EventType } from '@kilowatch/contracts';
import type { EntityManager } from 'typeorm';
import type { EventToPublish } from './published-event.js';
import type { Scope } from './scope.js';

/** One open transaction. Nothing it announces leaves the process before its commit. */
export interface Tx {
  readonly scope: Scope;
  /** What helpers keep for this transaction alone, each under a key of its own; it goes with the transaction. */
  readonly local: Map<object, unknown>;
  /** Raw SQL on the transaction's connection; rows as objects. int8 and numeric come as strings. */
  query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * From the next statement on nobody else holds this name, until the transaction ends: an advisory lock of the service. It travels
   * with that statement, so it costs no round trip, and taking it again costs nothing. Names hold the tenant.
   */
  lock(name: string): void;
  /** TypeORM on the same connection, for entities of low rate. */
  readonly manager: EntityManager;
  /** Writes an event to the outbox with this transaction; returns its id. */
  publish<T>(type: EventType<T>, event: EventToPublish<T>): string;
  /** Tells who watches that something changed (core NATS, best effort, after commit). Tenant: the scope's, unless given. Audience: who listens, when that is not who follows the id. */
  live(topic: string, id: string, version?: number, tenant?: string, audience?: string): void;
  /** Runs after a successful commit, in order; an error there is logged and changes nothing. */
  afterCommit(fn: () => void | Promise<void>): void;
  /** Runs `fn` under a savepoint: when it throws, its rows, events and announcements are gone, the transaction goes on. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>;
}
