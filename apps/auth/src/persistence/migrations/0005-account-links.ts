import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** One-time links, and whether the address of an account is confirmed: those that administrators made are. */
export class AccountLinks1765100005030 implements MigrationInterface {
  readonly name = 'AccountLinks1765100005030';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table account add column email_verified_at timestamptz, add column password_changed_at timestamptz',
    );
    await queryRunner.query('update account set email_verified_at = created_at where issuer is null');
    await queryRunner.query(`
      create table account_link (
        tenant text not null,
        id uuid not null,
        account_id uuid not null,
        purpose text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        ended_at timestamptz,
        constraint account_link_pk primary key (tenant, id),
        constraint account_link_account foreign key (tenant, account_id) references account (tenant, id)
      )`);
    await queryRunner.query(
      'create index account_link_by_account on account_link (tenant, account_id, created_at)',
    );
    await queryRunner.query('create index account_link_expires on account_link (expires_at)');
    await tenantTable(queryRunner, 'account_link');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table account_link');
    await queryRunner.query(
      'alter table account drop column email_verified_at, drop column password_changed_at',
    );
  }
}
