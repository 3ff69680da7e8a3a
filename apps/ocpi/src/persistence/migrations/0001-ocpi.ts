import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

export class Ocpi1763700000000 implements MigrationInterface {
  readonly name = 'Ocpi1763700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table partner (
        tenant text not null,
        id uuid not null,
        name text not null,
        state text not null,
        sees_own_fleet boolean not null,
        token_encoding text not null,
        country_code text,
        party_id text,
        roles jsonb,
        version text,
        versions_url text,
        endpoints jsonb,
        their_token bytea,
        created_at timestamptz not null,
        registered_at timestamptz,
        last_request_at timestamptz,
        constraint partner_pk primary key (tenant, id)
      )`);
    // Tokens a partner presents to us. The hash finds the row, the sealed value is for GET credentials
    // (docs/ocpi-notes.md C6).
    await queryRunner.query(`
      create table partner_token (
        tenant text not null,
        hash bytea not null,
        partner_id uuid not null,
        purpose text not null,
        sealed bytea not null,
        created_at timestamptz not null,
        constraint partner_token_pk primary key (tenant, hash),
        constraint partner_token_hash unique (hash),
        constraint partner_token_partner foreign key (tenant, partner_id) references partner (tenant, id)
      )`);
    await queryRunner.query('create index partner_token_by_partner on partner_token (tenant, partner_id)');
    // What sessions, metering and billing said of a session; parts may come in any order.
    await queryRunner.query(`
      create table roaming_session (
        tenant text not null,
        session_id uuid not null,
        sessions_version bigint not null,
        started_at timestamptz,
        ended_at timestamptz,
        location_id text,
        evse_uid text,
        connector_id text,
        token_id text,
        token_type text,
        start_method text,
        energy_mwh bigint,
        cost_currency text,
        cost_excl_vat text,
        cost_incl_vat text,
        created_at timestamptz not null,
        last_updated timestamptz not null,
        constraint roaming_session_pk primary key (tenant, session_id)
      )`);
    await queryRunner.query(
      'create index roaming_session_order on roaming_session (tenant, created_at, session_id)',
    );
    await queryRunner.query('create index roaming_session_updated on roaming_session (tenant, last_updated)');
    await queryRunner.query(`
      create table cdr_place (
        tenant text not null,
        cdr_id text not null,
        place jsonb not null,
        constraint cdr_place_pk primary key (tenant, cdr_id)
      )`);
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = ['partner', 'partner_token', 'roaming_session', 'cdr_place'];
