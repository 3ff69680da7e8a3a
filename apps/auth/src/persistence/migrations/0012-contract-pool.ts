import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Contracts on their way to a car, one an answer; roots that a pool told of, until a person says whether they are trusted. */
export class ContractPool1765100012000 implements MigrationInterface {
  readonly name = 'ContractPool1765100012000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table contract_delivery (
        tenant text not null,
        station_id uuid not null,
        request_hash bytea not null,
        contracts jsonb not null,
        given int not null,
        expires_at timestamptz not null,
        constraint contract_delivery_pk primary key (tenant, station_id, request_hash)
      )`);
    await queryRunner.query('create index contract_delivery_expiry on contract_delivery (expires_at)');
    await queryRunner.query(`
      create table root_proposal (
        tenant text not null,
        fingerprint text not null,
        purpose text not null,
        schema_version text not null,
        der bytea not null,
        subject text not null,
        not_after timestamptz not null,
        state text not null,
        first_seen_at timestamptz not null,
        last_seen_at timestamptz not null,
        decided_by uuid,
        decided_at timestamptz,
        constraint root_proposal_pk primary key (tenant, fingerprint)
      )`);
    await queryRunner.query(`
      create table pool_sync (
        tenant text not null,
        due_at timestamptz not null,
        last_success_at timestamptz,
        last_error text not null,
        constraint pool_sync_pk primary key (tenant)
      )`);
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = ['pool_sync', 'root_proposal', 'contract_delivery'];
