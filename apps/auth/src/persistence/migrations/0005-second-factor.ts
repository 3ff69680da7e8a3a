import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

export class SecondFactor1765100005020 implements MigrationInterface {
  readonly name = 'SecondFactor1765100005020';

  async up(queryRunner: QueryRunner): Promise<void> {
    // The secret is sealed; confirmed_at is null until the first code was right.
    await queryRunner.query(`
      create table totp_factor (
        tenant text not null,
        account_id uuid not null,
        secret bytea not null,
        created_at timestamptz not null,
        confirmed_at timestamptz,
        last_step bigint not null,
        failures int not null,
        blocked_until timestamptz,
        constraint totp_factor_pk primary key (tenant, account_id),
        constraint totp_factor_account foreign key (tenant, account_id) references account (tenant, id)
      )`);
    await queryRunner.query(`
      create table recovery_code (
        tenant text not null,
        account_id uuid not null,
        code_hash bytea not null,
        used_at timestamptz,
        constraint recovery_code_pk primary key (tenant, account_id, code_hash),
        constraint recovery_code_account foreign key (tenant, account_id) references account (tenant, id)
      )`);
    await queryRunner.query(`
      create table sign_in_policy (
        tenant text not null,
        second_factor_roles text[] not null,
        updated_at timestamptz not null,
        constraint sign_in_policy_pk primary key (tenant)
      )`);
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = ['sign_in_policy', 'recovery_code', 'totp_factor'];
