import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TRACE_SLOTS } from '../../domain/trace-slot.js';

/**
 * Pages are packed (src/domain/packed-page.ts). A process of the release before writes and reads `frames` until it is replaced: it finds an
 * empty list in rows of this release. Rows that are there stay as they are, for a day: nothing is rewritten.
 */
export class PackedPages1765300000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE wire_page ADD COLUMN packed bytea, ALTER COLUMN frames SET DEFAULT '[]'`,
    );
    for (const partition of PARTITIONS) {
      // What is packed is not compressed again. And it stays in its row while two of them fit a page of Postgres: elsewhere, each would
      // cost two more rows and two entries of an index.
      await queryRunner.query(
        `ALTER TABLE ${partition} ALTER COLUMN packed SET STORAGE EXTERNAL, SET (toast_tuple_target = 4080)`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const partition of PARTITIONS)
      await queryRunner.query(`ALTER TABLE ${partition} RESET (toast_tuple_target)`);
    await queryRunner.query('ALTER TABLE wire_page DROP COLUMN packed, ALTER COLUMN frames DROP DEFAULT');
  }
}

const PARTITIONS = Array.from({ length: TRACE_SLOTS }, (_, slot) => `wire_page_${slot}`);
