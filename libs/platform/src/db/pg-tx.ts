import type { Duplex } from 'node:stream';
import type { EventType } from '@kilowatch/contracts';
import { internal } from '@kilowatch/kernel';
import pg, { type PoolClient, type QueryResult } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { rowsOf, type WaitingEvent } from '../nats/event-message.js';
import { currentTraceparent } from '../trace/span.js';
import { managerOn } from './adopted-query-runner.js';
import { pgArray } from './pg-array.js';
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

type PlainQuery = pg.Query & {
  name: string | undefined;
  callback: (error: Error | null | undefined, result: QueryResult) => void;
};

// NATS refuses 1 MiB; a row that can never be published would stay in the way of the relay.
const MAX_EVENT_BYTES = 512 * 1024;

const INSERT_OUTBOX = `INSERT INTO outbox (event_id, tenant, subject, payload, traceparent)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::text[])`;

/**
 * Shared transactions have the few statements that run most, over arrays and with literal conditions: a plan for any values is as good
 * as one for these. Left to itself, Postgres makes a new plan for most of them each time, which is a third to two thirds of what they
 * cost. Not for everything: a plan for any values cannot use an index that is for some values only (`status = ANY ($4)`).
 */
export const PLANNED_ONCE = '; SET LOCAL plan_cache_mode = force_generic_plan';
/** Every plan that the connection keeps is made anew at its next use. */
export const PLANNED_ANEW = '; DISCARD PLANS';
/** How a transaction begins. */
export type Begin = `BEGIN${'' | ' READ ONLY'}${'' | typeof PLANNED_ONCE}`;

/**
 * Statements with parameters are prepared once per connection: Postgres spends more on parsing and planning our short
 * statements than on running them. The text names the statement; text that is made up anew each time would fill the
 * server's memory, so only so many are named: of each service, whose connections are its own.
 */
const MOST_STATEMENTS = 500;
const statementNames = new Map<string, Map<string, string>>();

function statementName(service: string, sql: string): string | undefined {
  let names = statementNames.get(service);
  if (!names) statementNames.set(service, (names = new Map()));
  const known = names.get(sql);
  if (known !== undefined || names.size >= MOST_STATEMENTS) return known;
  const name = `kw_${names.size}`;
  names.set(sql, name);
  return name;
}

/**
 * The transaction as `Database` drives it; use cases see it as `Tx`. What has no answer of its own (BEGIN, the scope, the outbox
 * before COMMIT) is not sent by itself: it goes in one write with its neighbour, because round trips cost more than statements.
 */
export class PgTx implements Tx {
  private outbox: (WaitingEvent & { readonly tenant: string })[] = [];
  private liveMessages: LiveMessage[] = [];
  private callbacks: (() => void | Promise<void>)[] = [];
  private entityManager: EntityManager | undefined;
  private savepoints = 0;
  private current: Scope;
  /** What must run before the next statement, in this order. */
  private ahead: string[];
  private begun = false;
  private gathering = false;
  /** Names held, or about to be. */
  private locks = new Set<string>();
  /** Names still to be asked for, with what is ahead. */
  private wanted: string[] = [];
  readonly local = new Map<object, unknown>();

  constructor(
    private readonly client: PoolClient,
    private readonly dataSource: DataSource,
    private readonly producer: string,
    private readonly newId: () => string,
    private readonly root: Scope,
    /** Whether several events may go into one row of the outbox. */
    private readonly mayBundle: () => boolean,
    begin: Begin | `${Begin}${typeof PLANNED_ANEW}` = 'BEGIN',
  ) {
    this.current = root;
    this.ahead = [begin, scopeSql(root)];
  }

  /** False: the server has heard nothing of this transaction. */
  get hasBegun(): boolean {
    return this.begun;
  }

  get scope(): Scope {
    return this.current;
  }

  get manager(): EntityManager {
    this.entityManager ??= managerOn(this.dataSource, this.client, () => this.sendAhead());
    return this.entityManager;
  }

  async query<R>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    const [result] = await this.together([() => this.submit(sql, params)]);
    return result!.rows as R[];
  }

  lock(name: string): void {
    if (this.locks.has(name)) return;
    this.locks.add(name);
    this.wanted.push(pg.escapeLiteral(`${this.producer}|${name}`));
  }

  /** One after the other, in the order they were asked for. */
  private takeLocks(): void {
    if (this.wanted.length === 0) return;
    const names = this.wanted.join(', ');
    this.wanted = [];
    this.ahead.push(
      `SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0))) FROM unnest(ARRAY[${names}]) AS name`,
    );
  }

  private submit(sql: string, params?: readonly unknown[]): Promise<QueryResult> {
    this.gather();
    return new Promise((resolve, reject) => {
      // A statement given as an object is copied by its property descriptors first: 1.4 us in the place of 0.1.
      const query = new pg.Query(sql, params as unknown[]) as PlainQuery;
      query.name = params && statementName(this.producer, sql);
      query.callback = (error, result) => {
        if (error) reject(error);
        else resolve(result);
      };
      this.client.query(query);
    });
  }

  /** Statements of one turn of the event loop leave in one write, whoever asked for them. */
  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    const { stream } = (this.client as unknown as { connection: { stream: Duplex } }).connection;
    stream.cork();
    process.nextTick(() => {
      this.gathering = false;
      stream.uncork();
    });
  }

  /** What waits ahead first. Throws what failed first; the server skips what comes after it. */
  private async together(statements: readonly (() => Promise<QueryResult>)[]): Promise<QueryResult[]> {
    const first = this.takeAhead();
    const settled = await Promise.allSettled([...first, ...statements.map((statement) => statement())]);
    const failed = settled.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return settled.slice(first.length).flatMap((outcome) => ('value' in outcome ? [outcome.value] : []));
  }

  private takeAhead(): Promise<QueryResult>[] {
    this.takeLocks();
    if (this.ahead.length === 0) return [];
    const text = this.ahead.join('; ');
    this.ahead = [];
    this.begun = true;
    return [this.submit(text)];
  }

  private async sendAhead(): Promise<void> {
    await Promise.all(this.takeAhead());
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
    const held = new Set(this.locks);
    this.takeLocks();
    this.ahead.push(`SAVEPOINT ${name}`);
    await this.sendAhead();
    try {
      const result = await fn();
      this.takeLocks();
      this.ahead.push(`RELEASE SAVEPOINT ${name}`);
      await this.sendAhead();
      return result;
    } catch (error) {
      // What still waits belongs to what is undone.
      this.wanted = [];
      this.ahead = [`ROLLBACK TO SAVEPOINT ${name}`];
      await this.sendAhead();
      [this.outbox.length, this.liveMessages.length, this.callbacks.length] = kept;
      // The scope that was set and the locks that were taken inside went with it.
      this.current = scope;
      this.locks = held;
      throw error;
    }
  }

  /** Moves a system transaction into one tenant, or back to all. */
  async enter(scope: Scope): Promise<void> {
    if (this.root.kind !== 'system') throw internal('DB_SCOPE_FIXED', 'A tenant cannot be left.');
    if (sameScope(this.current, scope)) return;
    this.ahead.push(scopeSql(scope));
    this.current = scope;
  }

  /** Writes the events and commits; false: a statement had failed, so the server rolled back. */
  async commit(): Promise<boolean> {
    const commit = () => this.submit('COMMIT');
    if (this.outbox.length === 0) {
      if (!this.begun) return true;
      // A scope that nothing uses any more need not be set, nor a lock be taken.
      this.wanted = [];
      this.ahead = [];
      const [committed] = await this.together([commit]);
      return committed!.command === 'COMMIT';
    }
    if (this.root.kind === 'system') await this.enter({ kind: 'system' });
    const rows = this.mayBundle() ? rowsOf(this.outbox) : this.outbox;
    const insert = () =>
      this.submit(INSERT_OUTBOX, [
        pgArray.uuid(rows.map((row) => row.eventId)),
        pgArray.text(rows.map((row) => row.tenant)),
        pgArray.text(rows.map((row) => row.subject)),
        pgArray.bytea(rows.map((row) => row.payload)),
        pgArray.text(rows.map((row) => row.traceparent)),
      ]);
    const [, committed] = await this.together([insert, commit]);
    return committed!.command === 'COMMIT';
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
