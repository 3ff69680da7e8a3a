import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * What operators decide about authorisation (location_id all zeroes: the whole company), what limits a token, whose credit is
 * left, and what contract certificates have been seen.
 */
export class AuthorizationRules1765100011000 implements MigrationInterface {
  readonly name = 'AuthorizationRules1765100011000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table token add column limits jsonb not null default '{"locationIds": [], "powerTypes": [], "hours": []}',
        add column prepaid boolean not null default false`);
    await queryRunner.query(`
      alter table authorization_decision add column certificate_status text not null default '',
        add column evse_numbers int[] not null default '{}',
        add column language text not null default '',
        add column weak boolean not null default false`);
    await queryRunner.query(`
      create table authorization_policy (
        tenant text not null,
        location_id uuid not null,
        choices jsonb not null,
        version bigint not null,
        updated_by uuid not null,
        updated_at timestamptz not null,
        constraint authorization_policy_pk primary key (tenant, location_id)
      )`);
    await queryRunner.query(`
      create table account_credit (
        tenant text not null,
        account_id uuid not null,
        balance numeric not null,
        currency text not null,
        version bigint not null,
        constraint account_credit_pk primary key (tenant, account_id)
      )`);
    await queryRunner.query(`
      create table contract_certificate (
        tenant text not null,
        emaid_key text not null,
        issuer_key_hash text not null,
        serial text not null,
        first_seen_at timestamptz not null,
        constraint contract_certificate_pk primary key (tenant, emaid_key, issuer_key_hash, serial)
      )`);
    await queryRunner.query(`
      create table verified_contract (
        tenant text not null,
        station_id uuid not null,
        emaid_key text not null,
        verified_at timestamptz not null,
        constraint verified_contract_pk primary key (tenant, station_id, emaid_key)
      )`);
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
    await queryRunner.query(
      `alter table authorization_decision drop column certificate_status, drop column evse_numbers,
        drop column language, drop column weak`,
    );
    await queryRunner.query('alter table token drop column limits, drop column prepaid');
  }
}

const TABLES = ['verified_contract', 'contract_certificate', 'account_credit', 'authorization_policy'];
