import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invoices that become overdue and have no case yet are found by the day they were to be paid. */
export class OverdueInvoices1796747000000 implements MigrationInterface {
  readonly name = 'OverdueInvoices1796747000000';
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    // What an interrupted run left is of no use.
    await this.down(queryRunner);
    await queryRunner.query(
      `create index concurrently invoice_overdue on invoice (due_at)
        where status = 'OPEN' and not in_dunning and due_at is not null`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists invoice_overdue');
  }
}
