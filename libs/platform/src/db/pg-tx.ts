import type { EventType } from '@kilowatch/contracts';
import { internal } from '@kilowatch/kernel';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { currentTraceparent } from '../trace/span.js';
import { managerOn } from './adopted-query-runner.js';
import type { EventMeta, EventToPublish } from './published-event.js';
import { scopeSql, type Scope, type TenantScope } from './scope.js';
import type { Tx } from './tx.js';

export interface LiveMessage {
  readonly topic: string;
  readonly tenant: string;
  readonly id: string;
  readonly version: number | undefined;
  /** Last token of the subject when watchers do not follow the id itself: an account's alerts. */
  readonly audience: string | undefined;
}

interface OutboxRow {
  readonly eventId: string;
  readonly tenant: string;
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly traceparent: string | undefined;
}

// NATS refuses 1 MiB; a row that can never be published would stay in the way of the relay.
const MAX_EVENT_BYTES = 512 * 1024;

const INSERT_OUTBOX = `INSERT INTO outbox (event_id, tenant, subject, payload, traceparent)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::text[])`;

/**
 * Statements with parameters are prepared once per connection: Postgres spends more on parsing and planning our short
 * statements than on running them. The text names the statement; text that is made up anew each time would fill the
 * server's memory, so only so many are named.
 */
const MOST_STATEMENTS = 500;
const statementNames = new Map<string, string>();

function statementName(sql: string): string | undefined {
  const known = statementNames.get(sql);
  if (known !== undefined || statementNames.size >= MOST_STATEMENTS) return known;
  const name = `kw_${statementNames.size}`;
  statementNames.set(sql, name);
  return name;
}

/** The transaction as `Database` drives it; use cases see it as `Tx`. */
export class PgTx implements Tx {
  private outbox: OutboxRow[] = [];
  private liveMessages: LiveMessage[] = [];
  private callbacks: (() => void | Promise<void>)[] = [];
  private entityManager: EntityManager | undefined;
  private savepoints = 0;
  private current: Scope;

  constructor(
    private readonly client: PoolClient,
    private readonly dataSource: DataSource,
    private readonly producer: string,
    private readonly newId: () => string,
    private readonly root: Scope,
  ) {
    this.current = root;
  }

  get scope(): Scope {
    return this.current;
  }

  get manager(): EntityManager {
    this.entityManager ??= managerOn(this.dataSource, this.client);
    return this.entityManager;
  }

  async query<R>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    const name = params && statementName(sql);
    const result = name
      ? await this.client.query({ name, text: sql, values: params as unknown[] })
      : await this.client.query(sql, params as unknown[]);
    return result.rows as R[];
  }

  publish<T>(type: EventType<T>, event: EventToPublish<T>): string {
    if (type.service !== this.producer) {
      throw internal('EVENT_NOT_OURS', 'A service announces its own facts only.', {
        event: type.name,
        service: type.service,
      });
    }
    const tenant = event.tenant ?? this.tenant('publish');
    const meta: EventMeta = {
      eventId: this.newId(),
      tenant,
      aggregateId: event.aggregateId,
      aggregateVersion: event.aggregateVersion,
      occurredAt: event.occurredAt,
      producer: this.producer,
    };
    const payload = type.encode({ ...event.payload, meta } as T);
    if (payload.length > MAX_EVENT_BYTES) {
      throw internal('EVENT_TOO_LARGE', 'The change is too large to announce.', {
        event: type.name,
        bytes: payload.length,
      });
    }
    this.outbox.push({
      eventId: meta.eventId,
      tenant,
      subject: type.subject(tenant),
      payload,
      traceparent: currentTraceparent(),
    });
    return meta.eventId;
  }

  live(topic: string, id: string, version?: number, tenant?: string, audience?: string): void {
    this.liveMessages.push({ topic, tenant: tenant ?? this.tenant('live'), id, version, audience });
  }

  afterCommit(fn: () => void | Promise<void>): void {
    this.callbacks.push(fn);
  }

  async savepoint<T>(fn: () => Promise<T>): Promise<T> {
    const name = `kw_${++this.savepoints}`;
    const kept = [this.outbox.length, this.liveMessages.length, this.callbacks.length] as const;
    const scope = this.current;
    await this.client.query(`SAVEPOINT ${name}`);
    try {
      const result = await fn();
      await this.client.query(`RELEASE SAVEPOINT ${name}`);
      return result;
    } catch (error) {
      await this.client.query(`ROLLBACK TO SAVEPOINT ${name}`);
      [this.outbox.length, this.liveMessages.length, this.callbacks.length] = kept;
      // set_config inside the savepoint was undone with it
      this.current = scope;
      throw error;
    }
  }

  /** Moves a system transaction into one tenant, or back to all. */
  async enter(scope: Scope): Promise<void> {
    if (this.root.kind !== 'system') throw internal('DB_SCOPE_FIXED', 'A tenant cannot be left.');
    if (sameScope(this.current, scope)) return;
    await this.client.query(scopeSql(scope));
    this.current = scope;
  }

  /** Right before COMMIT: the events as one insert. */
  async writeOutbox(): Promise<void> {
    if (this.outbox.length === 0) return;
    if (this.root.kind === 'system') await this.enter({ kind: 'system' });
    await this.query(INSERT_OUTBOX, [
      this.outbox.map((row) => row.eventId),
      this.outbox.map((row) => row.tenant),
      this.outbox.map((row) => row.subject),
      this.outbox.map((row) => row.payload),
      this.outbox.map((row) => row.traceparent ?? null),
    ]);
  }

  /** What to do once committed. */
  announcements(): {
    events: number;
    live: readonly LiveMessage[];
    callbacks: readonly (() => void | Promise<void>)[];
  } {
    return { events: this.outbox.length, live: this.liveMessages, callbacks: this.callbacks };
  }

  private tenant(what: string): string {
    if (this.current.kind === 'tenant') return this.current.tenant;
    throw internal('DB_NO_TENANT', `${what} needs a tenant in the system scope.`);
  }
}

/** Moves a system transaction into one tenant's scope until the next such move; costs nothing when it is there already. */
export async function enterTenant(tx: Tx, scope: TenantScope): Promise<void> {
  if (!(tx instanceof PgTx)) throw internal('DB_SCOPE_FIXED', 'Only a real transaction changes its scope.');
  await tx.enter(scope);
}

/** Runs `fn` in one tenant's scope inside a system transaction: what it touches belongs to that tenant alone. */
export async function inTenant<T>(tx: Tx, scope: Scope, fn: () => Promise<T>): Promise<T> {
  if (!(tx instanceof PgTx)) throw internal('DB_SCOPE_FIXED', 'Only a real transaction changes its scope.');
  const before = tx.scope;
  await tx.enter(scope);
  const result = await fn();
  await tx.enter(before);
  return result;
}

function sameScope(a: Scope, b: Scope): boolean {
  return a.kind === 'tenant' ? b.kind === 'tenant' && a.tenant === b.tenant : b.kind === 'system';
}
