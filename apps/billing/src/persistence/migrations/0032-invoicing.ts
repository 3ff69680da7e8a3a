import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether an account has an invoice for each session, or one for a month. */
export class Invoicing1796732000000 implements MigrationInterface {
  readonly name = 'Invoicing1796732000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['payment_terms', 'payment_terms_change']) {
      await queryRunner.query(
        `alter table ${table} add column invoicing text not null default 'PER_SESSION'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['payment_terms_change', 'payment_terms']) {
      await queryRunner.query(`alter table ${table} drop column invoicing`);
    }
  }
}
