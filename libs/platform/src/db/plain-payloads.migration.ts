import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events are written once and read once: compressing a large one costs more than everything else its transaction does. */
export class PlainPayloads1700000002000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE outbox ALTER COLUMN payload SET STORAGE EXTERNAL');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE outbox ALTER COLUMN payload SET STORAGE EXTENDED');
  }
}
