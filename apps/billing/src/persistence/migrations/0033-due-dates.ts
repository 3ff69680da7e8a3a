import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When an invoice is overdue; null: it was issued before that was agreed, or is a credit note. */
export class DueDates1796733000000 implements MigrationInterface {
  readonly name = 'DueDates1796733000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table invoice add column due_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table invoice drop column due_at');
  }
}
