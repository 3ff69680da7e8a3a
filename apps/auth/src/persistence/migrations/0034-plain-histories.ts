import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Histories of attempts are read and written as a whole, with each use of a card, and nothing in SQL looks into them: as text, taking one
 * in costs a fraction of making a tree of it. Code of before writes and reads this type as well. The table holds what is some days old
 * at most, and nobody waits for those who use it.
 */
export class PlainHistories1796720034000 implements MigrationInterface {
  readonly name = 'PlainHistories1796720034000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table attempt_history alter column history type json using history::json');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table attempt_history alter column history type jsonb using history::jsonb',
    );
  }
}
