import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * Whom certificates are believed below (trust_anchor; removed ones stay for the audit), authorities that fill gaps (trust_intermediate),
 * what the company decided (trust_policy; `version` counts every change of the three), and what responders said (ocsp_status).
 */
export class Trust1765100004000 implements MigrationInterface {
  readonly name = 'Trust1765100004000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table trust_anchor (
        tenant text not null,
        id uuid not null,
        purpose text not null,
        iso_version text,
        fingerprint text not null,
        subject text not null,
        der bytea not null,
        not_after timestamptz not null,
        added_by text not null,
        added_at timestamptz not null,
        removed_by text,
        removed_at timestamptz,
        constraint trust_anchor_pk primary key (tenant, id)
      )`);
    await queryRunner.query(
      `create unique index trust_anchor_in_use on trust_anchor (tenant, purpose, fingerprint) where removed_at is null`,
    );
    await queryRunner.query(`
      create table trust_intermediate (
        tenant text not null,
        id uuid not null,
        fingerprint text not null,
        subject text not null,
        issuer text not null,
        der bytea not null,
        not_after timestamptz not null,
        source text not null,
        added_by text not null,
        added_at timestamptz not null,
        constraint trust_intermediate_pk primary key (tenant, id),
        constraint trust_intermediate_fingerprint unique (tenant, fingerprint)
      )`);
    await queryRunner.query(`
      create table trust_policy (
        tenant text not null,
        choices jsonb not null,
        version bigint not null,
        updated_by text not null,
        updated_at timestamptz not null,
        constraint trust_policy_pk primary key (tenant)
      )`);
    await queryRunner.query(`
      create table ocsp_status (
        tenant text not null,
        issuer_name_hash text not null,
        issuer_key_hash text not null,
        serial text not null,
        status text not null,
        revoked_at timestamptz,
        revocation_reason text,
        this_update timestamptz not null,
        next_update timestamptz,
        answered_at timestamptz not null,
        fresh_until timestamptz not null,
        response bytea,
        issuer_der bytea not null,
        ocsp_urls text[] not null,
        crl_urls text[] not null,
        last_used_at timestamptz not null,
        due_at timestamptz,
        constraint ocsp_status_pk primary key (tenant, issuer_key_hash, issuer_name_hash, serial)
      )`);
    await queryRunner.query('create index ocsp_status_due on ocsp_status (due_at) where due_at is not null');
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = ['ocsp_status', 'trust_policy', 'trust_intermediate', 'trust_anchor'];
