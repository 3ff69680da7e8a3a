import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * How accounts pay; account_id '' is the tenant's default. Amounts in the smallest unit of the currency, credit_limit null: none.
 * Each change is kept with who made it and why: rows are added, never changed.
 */
export class PaymentTerms1796700000000 implements MigrationInterface {
  readonly name = 'PaymentTerms1796700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const columns = `tenant text not null,
      account_id text not null,
      version int not null,
      kind text not null,
      currency text not null,
      floor bigint not null,
      minimum_to_start bigint not null,
      credit_limit bigint,
      days_to_pay int not null,
      blocked boolean not null,
      updated_by text not null,
      updated_at timestamptz not null`;
    await queryRunner.query(
      `create table payment_terms (${columns}, constraint payment_terms_pk primary key (tenant, account_id))`,
    );
    await queryRunner.query(`create table payment_terms_change (${columns},
      reason text not null,
      constraint payment_terms_change_pk primary key (tenant, account_id, version))`);
    await tenantTable(queryRunner, 'payment_terms');
    await tenantTable(queryRunner, 'payment_terms_change');
    await queryRunner.query(
      'create trigger payment_terms_change_immutable before update or delete on payment_terms_change execute function refuse_change()',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table payment_terms_change');
    await queryRunner.query('drop table payment_terms');
  }
}
