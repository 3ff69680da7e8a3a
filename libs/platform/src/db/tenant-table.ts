import type { QueryRunner } from 'typeorm';
import { TENANT_SETTING } from './scope.js';

const TABLE = /^[a-z][a-z0-9_]*$/;

/**
 * For migrations: puts a table with a `tenant` column under row-level security. Rows of other tenants do not exist for the
 * service's role, in reads and in writes. The owner (migrations, backfills) sees all.
 */
export async function tenantTable(queryRunner: QueryRunner, table: string): Promise<void> {
  if (!TABLE.test(table)) throw new Error(`${table} is not the plain name of a table`);
  const setting = `current_setting('${TENANT_SETTING}', true)`;
  const visible = `tenant = ${setting} OR ${setting} = '*'`;
  await queryRunner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  await queryRunner.query(
    `CREATE POLICY tenant_isolation ON ${table} USING (${visible}) WITH CHECK (${visible})`,
  );
}
