import { AsyncLocalStorage } from 'node:async_hooks';
import { groupBy, type Clock } from '@kilowatch/kernel';
import type { Logger } from '../log/logger.js';
import { counter } from '../trace/metrics.js';
import { withSpan } from '../trace/span.js';
import type { Database } from './database.js';
import { isDatabaseUnavailable } from './database-error.js';
import { enterTenant } from './pg-tx.js';
import { SYSTEM_SCOPE, tenantScope } from './scope.js';
import { sideBySide } from './side-by-side.js';
import type { Tx } from './tx.js';

export interface DueWorkDefinition<Row extends { tenant: string }> {
  readonly name: string;
  /** How often it looks while something goes on; where nothing does, less and less often down to `IDLE_MS`. */
  readonly intervalMs: number;
  readonly limit?: number;
  /**
   * Selects due rows of all tenants and locks them: `... WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED`.
   * Locks last until the batch commits, so several processes never run one row twice.
   */
  take(tx: Tx, now: Date, limit: number): Promise<Row[]>;
  /** Some row that `take` would take, when that does more than one statement for it. Nothing that this does is kept. */
  peek?(tx: Tx, now: Date): Promise<readonly unknown[]>;
  /**
   * One row, in its tenant's scope; it must move or clear `due_at`, or the row comes again. Without it `take` did the work already,
   * for all rows in one statement.
   */
  run?(tx: Tx, row: Row, now: Date): Promise<void>;
  /**
   * Rows with different keys may be worked on at the same time, in the same transaction (locks do not keep them apart there), so
   * that their statements travel together. Without it they come one after the other.
   */
  sideBySide?(row: Row): string;
  /** After `run` threw and was undone: push `due_at` into the future, or count attempts. Without it the row is tried again next time. */
  failed?(tx: Tx, row: Row, error: unknown, now: Date): Promise<void>;
}

/** A process in which nothing happens asks the database this often for what other processes left behind. */
const IDLE_MS = 2_000;

/** A background job over rows with a due time. */
export class DueWorker<Row extends { tenant: string }> {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = true;
  private waitMs: number;
  /** Something was due the last time, so that there is likely more. */
  private found = true;
  private waitsSince = 0;
  /** A commit that makes it hurry belongs to some request, whose deadline and trace are not the job's. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly definition: DueWorkDefinition<Row>,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.waitMs = definition.intervalMs;
  }

  start(): void {
    this.stopped = false;
    this.database.onNews(() => this.hurry());
    this.schedule();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Runs batches until nothing is due any more (at most 100); returns the number of rows that succeeded. */
  async runDue(): Promise<number> {
    const limit = this.definition.limit ?? 100;
    let total = 0;
    for (let batch = 0; batch < 100; batch++) {
      const { taken, succeeded } = await this.runBatch(limit);
      total += succeeded;
      // A batch that got nowhere would get the same rows again.
      if (taken < limit || succeeded === 0) break;
    }
    return total;
  }

  /** All rows in one go; when one fails, the batch is undone and done again row by row, each under a savepoint. */
  private async runBatch(limit: number): Promise<{ taken: number; succeeded: number }> {
    try {
      return await this.attempt(limit, (tx, rows, now) => this.together(tx, rows, now));
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      return this.attempt(limit, (tx, rows, now) => this.oneByOne(tx, rows, now));
    }
  }

  private attempt(
    limit: number,
    run: (tx: Tx, rows: readonly Row[], now: Date) => Promise<number>,
  ): Promise<{ taken: number; succeeded: number }> {
    const { name, take } = this.definition;
    return this.database.transaction(SYSTEM_SCOPE, async (tx) => {
      const now = this.clock.now();
      const rows = await take.call(this.definition, tx, now, limit);
      const succeeded = this.definition.run ? await run(tx, rows, now) : rows.length;
      if (rows.length > 0)
        tx.afterCommit(() => {
          counter('kw_due_work_total').inc({ job: name, outcome: 'done' }, succeeded);
          counter('kw_due_work_total').inc({ job: name, outcome: 'failed' }, rows.length - succeeded);
        });
      return { taken: rows.length, succeeded };
    });
  }

  /** All succeed, or it throws. */
  private async together(tx: Tx, rows: readonly Row[], now: Date): Promise<number> {
    const { definition } = this;
    const run = (row: Row) => this.inScope(tx, row, now);
    if (definition.sideBySide) {
      for (const ofTenant of groupBy(rows, (row) => row.tenant).values()) {
        await sideBySide(ofTenant, (row) => definition.sideBySide!(row), run);
      }
    } else {
      for (const row of rows) await run(row);
    }
    return rows.length;
  }

  private async oneByOne(tx: Tx, rows: readonly Row[], now: Date): Promise<number> {
    let succeeded = 0;
    for (const row of rows) {
      if (await this.alone(tx, row, now)) succeeded++;
    }
    return succeeded;
  }

  private async inScope(tx: Tx, row: Row, now: Date): Promise<void> {
    await withSpan('due-work.run', { attributes: { job: this.definition.name } }, async () => {
      await enterTenant(tx, tenantScope(row.tenant));
      await this.definition.run?.(tx, row, now);
    });
  }

  private async alone(tx: Tx, row: Row, now: Date): Promise<boolean> {
    const { name } = this.definition;
    await enterTenant(tx, tenantScope(row.tenant));
    try {
      await tx.savepoint(() => this.inScope(tx, row, now));
      return true;
    } catch (err) {
      this.log.error({ err, job: name }, 'due work failed');
      await this.definition.failed?.(tx, row, err, now);
      return false;
    }
  }

  /** Something was committed here: what it made due need not wait for an idle process. */
  private hurry(): void {
    const { intervalMs } = this.definition;
    if (this.waitMs <= intervalMs) return;
    this.waitMs = intervalMs;
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    const now = performance.now();
    this.lookIn(now - this.waitsSince >= intervalMs ? 0 : untilNext(intervalMs, now));
  }

  /** Who found something goes by a pace of its own: what jobs do at the same moment, they do with all connections. */
  private schedule(): void {
    const now = performance.now();
    this.waitsSince = now;
    this.lookIn(this.found ? this.waitMs : untilNext(this.waitMs, now));
  }

  private lookIn(ms: number): void {
    if (this.stopped) return;
    this.timer = this.outside(() => setTimeout(() => this.look(), ms));
  }

  private look(): void {
    this.timer = undefined;
    this.running = this.isDue()
      .then((isDue) => (isDue && !this.stopped ? this.runDue() : 0))
      .then(
        (done) => this.pace(done),
        (err: unknown) => this.log.error({ err, job: this.definition.name }, 'due work could not run'),
      )
      .finally(() => this.schedule());
  }

  /** Jobs that seldom find anything look together; the others, and those that do not look often, just begin. */
  private async isDue(): Promise<boolean> {
    const { definition } = this;
    if (this.found || definition.intervalMs > IDLE_MS) return true;
    return this.database.glance((tx) => {
      const now = this.clock.now();
      return definition.peek ? definition.peek(tx, now) : definition.take(tx, now, 1);
    });
  }

  private pace(done: number): void {
    const { intervalMs } = this.definition;
    this.found = done > 0;
    this.waitMs = done > 0 ? intervalMs : Math.max(intervalMs, Math.min(IDLE_MS, this.waitMs * 2));
  }
}

/**
 * Milliseconds until the next multiple of `everyMs` that is not just about to come: jobs with one interval, or with multiples of it,
 * look at the same moments. `now`: of a clock that does not go back.
 */
export function untilNext(everyMs: number, now: number): number {
  const soonest = now + everyMs / 4;
  return Math.ceil(soonest / everyMs) * everyMs - now;
}
