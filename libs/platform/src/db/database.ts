import { internal, type IdSource } from '@kilowatch/kernel';
import pg, { type Pool, type PoolClient } from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import type { Logger } from '../log/logger.js';
import { counter, histogram } from '../trace/metrics.js';
import { withSpan } from '../trace/span.js';
import { Company, type Alone } from './company.js';
import { isConnectionError, isRepeatable, isStalePlan, mapDatabaseError } from './database-error.js';
import { Glances } from './glances.js';
import { schemaName } from './names.js';
import { PgTx, PLANNED_ANEW, PLANNED_ONCE, type Begin, type LiveMessage } from './pg-tx.js';
import { PlanAge } from './plan-age.js';
import { SYSTEM_SCOPE, type Scope, type TenantScope } from './scope.js';
import { useTimestamps } from './timestamp.js';
import type { Tx } from './tx.js';

export interface DatabaseOptions {
  readonly service: string;
  /** URL with the service's own role. */
  readonly url: string;
  readonly entities?: readonly (EntitySchema | (new () => object))[];
  readonly ids: IdSource;
  readonly log: Logger;
  readonly poolSize?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  /** How long `connect` tries until the database answers. */
  readonly connectWithinMs?: number;
}

const RETRIES = 3;
const CONNECT_RETRY_MS = 250;

/** The one door to a service's schema: transactions under a scope, nothing outside of them. */
export class Database {
  private committedListener: () => void = () => {};
  private readonly newsListeners: (() => void)[] = [];
  private mayBundle = false;
  private liveListener: (message: LiveMessage) => void = () => {};
  private readonly writers = new Map<string, Company>();
  private readonly readers = new Map<string, Company>();
  private readonly glances = new Glances((work) => this.undone(work));

  /** Use `Database.connect`. */
  constructor(
    private readonly options: DatabaseOptions,
    /** For TypeORM's metadata (entity drift test); queries go through transactions. */
    readonly dataSource: DataSource,
  ) {}

  static async connect(options: DatabaseOptions): Promise<Database> {
    const deadline = performance.now() + (options.connectWithinMs ?? 30_000);
    for (;;) {
      const dataSource = newDataSource(options);
      try {
        await dataSource.initialize();
        return new Database(options, dataSource);
      } catch (error) {
        if (!isConnectionError(error) || performance.now() > deadline) throw mapDatabaseError(error);
        options.log.warn({ err: error }, 'database not there yet');
        await new Promise((resolve) => setTimeout(resolve, CONNECT_RETRY_MS));
      }
    }
  }

  get service(): string {
    return this.options.service;
  }

  /**
   * Runs `fn` in one read-committed transaction. `fn` may run again (up to 3 times more) after a serialization failure or
   * deadlock: it must not call other services. Connection trouble is UNAVAILABLE; when that happens on COMMIT, the outcome is
   * unknown, so the caller's retry needs a business key.
   */
  transaction<T>(scope: Scope, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.repeated('BEGIN', scope, fn);
  }

  private repeated<T>(begin: Begin, scope: Scope, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return withSpan('db.transaction', { attributes: { 'db.scope': scope.kind } }, async () => {
      for (let attempt = 0; ; attempt++) {
        try {
          return await this.attempt(begin, scope, fn);
        } catch (error) {
          if (attempt < RETRIES && isRepeatable(error)) {
            counter('kw_db_retries_total').inc();
            continue;
          }
          throw mapDatabaseError(error);
        }
      }
    });
  }

  /**
   * `transaction` for what comes in large numbers and about many things: under load it is shared with others of the same tenant (see
   * `Company`). `key`: what it is about (a station). `fn` has no savepoint, because the others would be in it.
   */
  shared<T>(scope: TenantScope, key: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.companyOf(this.writers, scope, (work) =>
      this.repeated(`BEGIN${PLANNED_ONCE}`, scope, work),
    ).join(key, fn);
  }

  /** `read`, shared like `shared`. */
  sharedRead<T>(scope: TenantScope, key: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.companyOf(this.readers, scope, (work) =>
      this.looked(`BEGIN READ ONLY${PLANNED_ONCE}`, scope, work),
    ).join(key, fn);
  }

  /** A read-only transaction: one snapshot per statement, writes refused by the server. */
  read<T>(scope: Scope, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.looked('BEGIN READ ONLY', scope, fn);
  }

  private async looked<T>(begin: Begin, scope: Scope, fn: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.attempt(begin, scope, fn);
    } catch (error) {
      throw mapDatabaseError(error);
    }
  }

  /** Whether `find` finds a row, of any tenant, asked together with whoever asks at the same moment (see `Glances`). */
  glance(find: (tx: Tx) => Promise<readonly unknown[]>): Promise<boolean> {
    return this.glances.ask(find);
  }

  private async undone(work: (tx: Tx) => Promise<void>): Promise<void> {
    const client = await this.pool.connect();
    const tx = this.newTx(client, SYSTEM_SCOPE);
    let isStale = false;
    try {
      await work(tx);
    } catch (error) {
      isStale = isStalePlan(error);
      throw error;
    } finally {
      client.release((tx.hasBegun && !(await rolledBack(client))) || isStale);
    }
  }

  /** Resolves when the database answers: the health check. */
  async ping(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  /** Called after each commit that wrote events (the relay listens). */
  onEventsCommitted(listener: () => void): void {
    this.committedListener = listener;
  }

  /** Whether the relay that has the lock now understands rows of several events. Until somebody says so, each event has its own. */
  bundleEvents(may: boolean): void {
    this.mayBundle = may;
  }

  /** Called after each commit that had something to tell (events, live messages, callbacks): there may be work for a job now. */
  onNews(listener: () => void): void {
    this.newsListeners.push(listener);
  }

  onLive(listener: (message: LiveMessage) => void): void {
    this.liveListener = listener;
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }

  private companyOf(companies: Map<string, Company>, { tenant }: TenantScope, alone: Alone): Company {
    let company = companies.get(tenant);
    if (!company) companies.set(tenant, (company = new Company(alone)));
    return company;
  }

  private async attempt<T>(begin: Begin, scope: Scope, fn: (tx: PgTx) => Promise<T>): Promise<T> {
    const done = histogram('kw_db_transaction_seconds').startTimer();
    const client = await this.pool.connect();
    const tx = this.newTx(client, scope, begin);
    let broken = false;
    try {
      const result = await fn(tx);
      // A transaction whose failed statement was swallowed by `fn` ends as ROLLBACK without an error.
      if (!(await tx.commit())) throw internal('DB_NOT_COMMITTED', 'The change could not be stored.');
      this.announce(tx);
      done({ outcome: 'committed' });
      return result;
    } catch (error) {
      broken = (tx.hasBegun && !(await rolledBack(client))) || isStalePlan(error);
      done({ outcome: 'rolled_back' });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private newTx(client: PoolClient, scope: Scope, begin: Begin = 'BEGIN'): PgTx {
    const { service, ids } = this.options;
    const isOver = (client as unknown as PooledClient).planAge.isOver(performance.now());
    const anew = isOver ? (`${begin}${PLANNED_ANEW}` as const) : begin;
    return new PgTx(client, this.dataSource, service, ids.newId, scope, () => this.mayBundle, anew);
  }

  /** The transaction is durable: from here on nothing may turn it into a failure for the caller. */
  private announce(tx: PgTx): void {
    const { events, live, callbacks } = tx.announcements();
    if (events > 0) this.afterwards(this.committedListener);
    for (const message of live) this.afterwards(() => this.liveListener(message));
    for (const callback of callbacks) this.afterwards(callback);
    if (events + live.length + callbacks.length > 0)
      for (const listener of this.newsListeners) this.afterwards(listener);
  }

  private afterwards(step: () => void | Promise<void>): void {
    const failed = (err: unknown) => this.options.log.error({ err }, 'after-commit step failed');
    try {
      const pending = step();
      if (pending instanceof Promise) pending.catch(failed);
    } catch (err) {
      failed(err);
    }
  }
}

/**
 * A connection that dies fails its query or leaves the pool; that is enough. Without a listener of its own from the first moment the
 * error event would end the process: there are instants in which nobody else listens (between the pool and its user).
 */
class PooledClient extends pg.Client {
  readonly planAge = new PlanAge(performance.now());

  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

function newDataSource(options: DatabaseOptions): DataSource {
  useTimestamps();
  const schema = schemaName(options.service);
  return new DataSource({
    type: 'postgres',
    url: options.url,
    schema,
    entities: [...(options.entities ?? [])],
    synchronize: false,
    installExtensions: false,
    applicationName: `kilowatch-${options.service}`,
    poolSize: options.poolSize ?? 8,
    connectTimeoutMS: 5_000,
    poolErrorHandler: (err: unknown) => options.log.warn({ err }, 'idle database connection lost'),
    extra: {
      Client: PooledClient,
      // Several statements may be under way: PgTx sends BEGIN and COMMIT together with their neighbours.
      pipeline: true,
      // Times are instants: the zone is how they are written, and the one of UTC is the one that is read fast.
      options: `-c search_path=${schema} -c timezone=UTC`,
      statement_timeout: options.statementTimeoutMs ?? 15_000,
      lock_timeout: options.lockTimeoutMs ?? 5_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      // A new one costs as much as a hundred rounds (a process, a password, every statement planned again): after the default of 10 s
      // those that a burst needs once in a while were made anew each time.
      idleTimeoutMillis: 120_000,
    },
  });
}
