import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { DeadLetterReplay1700000001000 } from './dead-letter-replay.migration.js';
import { OWNER_ROLE, schemaName } from './names.js';
import { leaveOutDocuments } from './statistics.js';
import { PlainPayloads1700000002000 } from './plain-payloads.migration.js';
import { PlatformTables1700000000000 } from './platform-tables.migration.js';

export type MigrationClass = new () => MigrationInterface;

const PLATFORM_MIGRATIONS = [
  PlatformTables1700000000000,
  DeadLetterReplay1700000001000,
  PlainPayloads1700000002000,
];
const LOCK_TIMEOUT_MS = 5_000;

/**
 * Brings the schema of one service to head, each migration in its own transaction; returns the names that ran. The platform's
 * own tables come first. Run by a job, never at service start; two runs at once wait for each other. A migration that cannot
 * get a table lock in 5 s fails and can be run again. Then documents are left out of ANALYZE (statistics.ts).
 */
export async function runMigrations(
  ownerUrl: string,
  service: string,
  migrations: readonly MigrationClass[],
): Promise<string[]> {
  const schema = schemaName(service);
  const lock = new pg.Client({ connectionString: ownerUrl });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock(hashtextextended($1, 1))', [`kilowatch.migrate.${schema}`]);
    const dataSource = new DataSource({
      type: 'postgres',
      url: ownerUrl,
      schema,
      installExtensions: false,
      migrations: [...PLATFORM_MIGRATIONS, ...migrations],
      migrationsTableName: 'migrations',
      migrationsTransactionMode: 'each',
      poolSize: 1,
      extra: { options: `-c role=${OWNER_ROLE} -c search_path=${schema} -c lock_timeout=${LOCK_TIMEOUT_MS}` },
    });
    await dataSource.initialize();
    try {
      const ran = await dataSource.runMigrations();
      await leaveOutDocuments(dataSource, schema);
      return ran.map((migration) => migration.name);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}
