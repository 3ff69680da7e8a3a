import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accounts of other identity providers (issuer and subject set, no password) and the switch of accounts. An address signs in
 * at most one account of our own; what another provider calls somebody claims no address here.
 */
export class ExternalAccounts1765000000000 implements MigrationInterface {
  readonly name = 'ExternalAccounts1765000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table account
        add column issuer text,
        add column subject text,
        add column status_reason text not null default '',
        drop constraint account_email`);
    await queryRunner.query(
      'create unique index account_email on account (tenant, email) where issuer is null',
    );
    await queryRunner.query(
      'create index account_email_external on account (tenant, email) where issuer is not null',
    );
    await queryRunner.query('create index refresh_token_account on refresh_token (tenant, account_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index refresh_token_account');
    await queryRunner.query('drop index account_email_external');
    await queryRunner.query('drop index account_email');
    await queryRunner.query(`
      alter table account
        drop column issuer,
        drop column subject,
        drop column status_reason,
        add constraint account_email unique (tenant, email)`);
  }
}
