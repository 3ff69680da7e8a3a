import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * `provider_payout`: what of a payout of the payment provider is of which tenant. Whose a transaction in it is, the payment says: found by
 * the provider's name for it, whatever the tenant.
 */
export class ProviderPayouts1796751000000 implements MigrationInterface {
  readonly name = 'ProviderPayouts1796751000000';
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    const [known] = (await queryRunner.query("select to_regclass('provider_payout') as name")) as {
      name: string | null;
    }[];
    if (known?.name === null) {
      await queryRunner.startTransaction();
      await queryRunner.query(`create table provider_payout (tenant text not null,
        id uuid not null,
        ref text not null,
        currency text not null,
        state text not null,
        amount numeric(20, 4) not null,
        payout_amount numeric(20, 4) not null,
        payments numeric(20, 4) not null,
        refunds numeric(20, 4) not null,
        other numeric(20, 4) not null,
        fees numeric(20, 4) not null,
        transactions int not null,
        told_at timestamptz not null,
        constraint provider_payout_pk primary key (tenant, id),
        constraint provider_payout_ref unique (tenant, ref))`);
      await tenantTable(queryRunner, 'provider_payout');
      await queryRunner.query('create index provider_payout_by_ref on provider_payout (ref)');
      await queryRunner.commitTransaction();
    }
    await queryRunner.query('drop index concurrently if exists payment_by_ref');
    await queryRunner.query(
      'create index concurrently payment_by_ref on payment (provider_ref) where provider_ref is not null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently payment_by_ref');
    await queryRunner.query('drop table provider_payout');
  }
}
