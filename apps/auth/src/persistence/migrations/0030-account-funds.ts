import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** What billing says that an account may spend on another session (account_id '': any that has no row); available null: no limit. */
export class AccountFunds1796702000000 implements MigrationInterface {
  readonly name = 'AccountFunds1796702000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table account_funds (
        tenant text not null,
        account_id text not null,
        currency text not null,
        available numeric,
        minimum_to_start numeric not null,
        blocked boolean not null,
        version bigint not null,
        constraint account_funds_pk primary key (tenant, account_id)
      )`);
    await tenantTable(queryRunner, 'account_funds');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table account_funds');
  }
}
