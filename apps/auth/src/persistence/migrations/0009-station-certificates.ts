import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Certificates of stations, what they asked for, the roots they hold, and what changes in their credentials. */
export class StationCertificates1765100009000 implements MigrationInterface {
  readonly name = 'StationCertificates1765100009000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table station_credential
        add column serial_number text not null default '',
        add column reached_profile int not null default 0,
        add column factory boolean not null default false,
        add column claimed_at timestamptz,
        add column expired_allowed_until timestamptz,
        add column wanted_profile int,
        add column pending_password_hash text,
        add column pending_since timestamptz,
        add column protocol text not null default '',
        add column connected_at timestamptz,
        add column connection_generation bigint not null default 0,
        add column repair_due_at timestamptz,
        add column repair_attempts int not null default 0`);
    await queryRunner.query(
      'create index station_credential_repair on station_credential (repair_due_at) where repair_due_at is not null',
    );
    await queryRunner.query(`
      create table station_certificate (
        tenant text not null,
        id uuid not null,
        station_id uuid not null,
        type text not null,
        state text not null,
        serial text not null,
        fingerprint text not null,
        subject text not null,
        issuer text not null,
        issued_by text not null,
        not_before timestamptz not null,
        not_after timestamptz not null,
        chain text not null,
        request_id uuid,
        delivered_at timestamptz,
        installed_at timestamptz,
        superseded_at timestamptz,
        revoked_at timestamptz,
        revocation_reason text not null default '',
        renew_at timestamptz,
        renew_attempts int not null default 0,
        version bigint not null,
        created_at timestamptz not null,
        constraint station_certificate_pk primary key (tenant, id),
        constraint station_certificate_fingerprint unique (tenant, fingerprint)
      )`);
    await queryRunner.query(
      'create index station_certificate_station on station_certificate (tenant, station_id, created_at, id)',
    );
    await queryRunner.query(
      'create index station_certificate_listed on station_certificate (tenant, created_at, id)',
    );
    await queryRunner.query(
      `create index station_certificate_renewal on station_certificate (renew_at) where renew_at is not null`,
    );
    await queryRunner.query(
      `create index station_certificate_revoked on station_certificate (issued_by, revoked_at) where revoked_at is not null`,
    );
    await queryRunner.query(`
      create table certificate_request (
        tenant text not null,
        id uuid not null,
        station_id uuid not null,
        type text not null,
        csr text not null,
        csr_hash bytea not null,
        ocpp_request_id int,
        protocol text not null,
        state text not null,
        certificate_id uuid,
        attempts int not null default 0,
        due_at timestamptz,
        problem text not null default '',
        requested_by text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint certificate_request_pk primary key (tenant, id),
        constraint certificate_request_csr unique (tenant, station_id, type, csr_hash)
      )`);
    await queryRunner.query(
      'create index certificate_request_due on certificate_request (due_at) where due_at is not null',
    );
    await queryRunner.query(`
      create table security_upgrade (
        tenant text not null,
        id uuid not null,
        station_id uuid not null,
        from_profile int not null,
        to_profile int not null,
        state text not null,
        step text not null,
        network_slot int,
        stage_profile int not null default 0,
        previous text not null default '',
        problem text not null default '',
        attempts int not null default 0,
        due_at timestamptz,
        deadline_at timestamptz not null,
        requested_by text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        version bigint not null,
        constraint security_upgrade_pk primary key (tenant, id)
      )`);
    await queryRunner.query(
      `create unique index security_upgrade_running on security_upgrade (tenant, station_id) where state = 'RUNNING'`,
    );
    await queryRunner.query(
      'create index security_upgrade_station on security_upgrade (tenant, station_id, created_at, id)',
    );
    await queryRunner.query(
      'create index security_upgrade_due on security_upgrade (due_at) where due_at is not null',
    );
    await queryRunner.query(`
      create table wanted_root (
        tenant text not null,
        id uuid not null,
        purpose text not null,
        location_id uuid,
        station_id uuid,
        certificate text not null,
        fingerprint text not null,
        subject text not null,
        serial text not null,
        not_after timestamptz not null,
        added_by text not null,
        created_at timestamptz not null,
        constraint wanted_root_pk primary key (tenant, id)
      )`);
    await queryRunner.query(
      `create unique index wanted_root_once on wanted_root (tenant, purpose, fingerprint,
        coalesce(station_id, location_id, '00000000-0000-0000-0000-000000000000'))`,
    );
    await queryRunner.query(`
      create table installed_root (
        tenant text not null,
        station_id uuid not null,
        purpose text not null,
        hash_algorithm text not null,
        issuer_name_hash text not null,
        issuer_key_hash text not null,
        serial_number text not null,
        parent_serial text not null default '',
        wanted_id uuid,
        seen_at timestamptz not null,
        constraint installed_root_pk primary key (tenant, station_id, purpose, issuer_key_hash, serial_number)
      )`);
    await queryRunner.query(`
      create table root_look (
        tenant text not null,
        station_id uuid not null,
        due_at timestamptz,
        attempts int not null default 0,
        problem text not null default '',
        looked_at timestamptz,
        constraint root_look_pk primary key (tenant, station_id)
      )`);
    await queryRunner.query('create index root_look_due on root_look (due_at) where due_at is not null');
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
    await queryRunner.query(`
      alter table station_credential drop column serial_number, drop column reached_profile, drop column factory,
        drop column claimed_at, drop column expired_allowed_until, drop column wanted_profile,
        drop column pending_password_hash, drop column pending_since, drop column protocol, drop column connected_at,
        drop column connection_generation, drop column repair_due_at, drop column repair_attempts`);
  }
}

const TABLES = [
  'root_look',
  'installed_root',
  'wanted_root',
  'security_upgrade',
  'certificate_request',
  'station_certificate',
];
