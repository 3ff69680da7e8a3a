import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * Contracts as people see them: how long their certificates are good, through which stations cars got them, and what drivers ask for.
 * Certificates of before learn their times when they are shown again.
 */
export class Contracts1796720032000 implements MigrationInterface {
  readonly name = 'Contracts1796720032000';
  /** The indexes are made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table contract_certificate add column if not exists valid_from timestamptz,
        add column if not exists valid_until timestamptz`,
    );
    await queryRunner.query(`
      create table if not exists contract_installation (
        tenant text not null,
        emaid_key text not null,
        station_id uuid not null,
        installed_at timestamptz not null,
        constraint contract_installation_pk primary key (tenant, emaid_key, station_id)
      )`);
    await queryRunner.query(`
      create table if not exists contract_request (
        tenant text not null,
        id uuid not null,
        kind text not null,
        state text not null,
        account_id uuid not null,
        token_id uuid,
        emaid text not null,
        emaid_key text not null,
        name text not null,
        note text not null,
        created_at timestamptz not null,
        decided_by text not null default '',
        decided_at timestamptz,
        reason text not null default '',
        constraint contract_request_pk primary key (tenant, id),
        constraint contract_request_kind check (kind in ('ADD', 'REMOVE')),
        constraint contract_request_state check (state in ('WAITING', 'APPROVED', 'DECLINED', 'WITHDRAWN'))
      )`);
    await queryRunner.query(
      `create unique index if not exists contract_request_waiting on contract_request (tenant, account_id, emaid_key)
        where state = 'WAITING'`,
    );
    await queryRunner.query(
      'create index if not exists contract_request_account on contract_request (tenant, account_id, id)',
    );
    for (const table of TABLES) {
      await queryRunner.query(`drop policy if exists tenant_isolation on ${table}`);
      await tenantTable(queryRunner, table);
    }
    await queryRunner.query('drop index concurrently if exists token_contract');
    await queryRunner.query(
      `create index concurrently token_contract on token (tenant, id) where type = 'eMAID'`,
    );
    await queryRunner.query('drop index concurrently if exists verified_contract_contract');
    await queryRunner.query(
      'create index concurrently verified_contract_contract on verified_contract (tenant, emaid_key)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index verified_contract_contract');
    await queryRunner.query('drop index token_contract');
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
    await queryRunner.query(
      'alter table contract_certificate drop column valid_until, drop column valid_from',
    );
  }
}

const TABLES = ['contract_request', 'contract_installation'];
