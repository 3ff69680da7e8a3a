import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Collective invoices are paid by card, too: their payments are of no session and are found by the invoice. */
export class PaymentsOfMonths1796772000000 implements MigrationInterface {
  readonly name = 'PaymentsOfMonths1796772000000';
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists payment_of_month');
    await queryRunner.query(
      'create index concurrently payment_of_month on payment (tenant, invoice_id, id) where session_id is null and invoice_id is not null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently payment_of_month');
  }
}
