import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Credits and what follows them. Rows of before, and those that pods of the version before still write, are the first CDR of their
 * session and an invoice: the defaults say so, and the uniqueness of the next step still refuses a second.
 */
export class Corrections1796661000000 implements MigrationInterface {
  readonly name = 'Corrections1796661000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table cdr add column kind text not null default 'CDR',
      add column credit_of uuid, add column revision int not null default 1`);
    await queryRunner.query(
      `alter table invoice add column kind text not null default 'INVOICE', add column credits_id uuid`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table invoice drop column kind, drop column credits_id');
    await queryRunner.query('alter table cdr drop column kind, drop column credit_of, drop column revision');
  }
}
