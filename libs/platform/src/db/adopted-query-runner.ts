import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';

/**
 * A TypeORM query runner on a connection and transaction somebody else opened: `Database` begins, commits and releases by
 * itself, because TypeORM's own transaction costs two more round trips and half the CPU of a small transaction.
 */
class AdoptedQueryRunner extends PostgresQueryRunner {
  constructor(
    driver: PostgresDriver,
    client: PoolClient,
    private readonly before: () => Promise<void>,
  ) {
    super(driver, 'master');
    this.databaseConnection = client;
    this.isTransactionActive = true;
    // Depth 1: a transaction that TypeORM starts inside becomes a savepoint.
    this.transactionDepth = 1;
  }

  override async query(
    ...args: Parameters<PostgresQueryRunner['query']>
  ): ReturnType<PostgresQueryRunner['query']> {
    await this.before();
    return super.query(...args);
  }

  override async release(): Promise<void> {}
}

/** `before` runs ahead of each of its statements. */
export function managerOn(
  dataSource: DataSource,
  client: PoolClient,
  before: () => Promise<void>,
): EntityManager {
  return dataSource.createEntityManager(
    new AdoptedQueryRunner(dataSource.driver as unknown as PostgresDriver, client, before),
  );
}
