import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

export class Auth1763700000000 implements MigrationInterface {
  readonly name = 'Auth1763700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table account (
        tenant text not null,
        id uuid not null,
        email text not null,
        password_hash text not null,
        display_name text not null,
        role text not null,
        locale text not null,
        active boolean not null,
        version bigint not null,
        created_at timestamptz not null,
        constraint account_pk primary key (tenant, id),
        constraint account_email unique (tenant, email)
      )`);
    await queryRunner.query(`
      create table refresh_token (
        tenant text not null,
        token_hash bytea not null,
        family_id uuid not null,
        account_id uuid not null,
        expires_at timestamptz not null,
        used_at timestamptz,
        revoked_at timestamptz,
        constraint refresh_token_pk primary key (tenant, token_hash)
      )`);
    await queryRunner.query('create index refresh_token_family on refresh_token (tenant, family_id)');
    await queryRunner.query(`
      create table token (
        tenant text not null,
        id uuid not null,
        value text not null,
        value_key text not null,
        type text not null,
        status text not null,
        expires_at timestamptz,
        group_id text not null,
        allow_concurrent boolean not null,
        account_id uuid,
        is_app boolean not null,
        status_reason text not null,
        version bigint not null,
        created_at timestamptz not null,
        constraint token_pk primary key (tenant, id),
        constraint token_value unique (tenant, value_key),
        constraint token_account foreign key (tenant, account_id) references account (tenant, id)
      )`);
    await queryRunner.query('create unique index token_app on token (tenant, account_id) where is_app');
    await queryRunner.query('create index token_by_account on token (tenant, account_id, created_at, id)');
    await queryRunner.query(`
      create table open_session (
        tenant text not null,
        session_id uuid not null,
        token_id uuid not null,
        station_id uuid not null,
        evse_number int not null,
        open boolean not null,
        version bigint not null,
        constraint open_session_pk primary key (tenant, session_id)
      )`);
    await queryRunner.query(
      'create index open_session_by_token on open_session (tenant, token_id) where open',
    );
    await queryRunner.query(`
      create table authorization_decision (
        tenant text not null,
        id uuid not null,
        decision_key text,
        station_id uuid not null,
        evse_number int not null,
        token_id uuid,
        account_id uuid,
        token_masked text not null,
        token_hash bytea not null,
        token_type text not null,
        purpose text not null,
        status text not null,
        reason text not null,
        group_id text not null,
        cache_expiry timestamptz,
        policy_version text not null,
        offline boolean not null,
        ocpp_message_id text not null,
        occurred_at timestamptz not null,
        decided_at timestamptz not null,
        constraint authorization_decision_pk primary key (tenant, id),
        constraint authorization_decision_key unique (tenant, decision_key)
      )`);
    await queryRunner.query(
      'create index authorization_decision_station on authorization_decision (tenant, station_id, id)',
    );
    await queryRunner.query(`
      create table station_credential (
        tenant text not null,
        station_id uuid not null,
        identity text not null,
        identity_key text not null,
        security_profile int not null,
        password_hash text,
        allow_missing_subprotocol boolean not null,
        version bigint not null,
        updated_at timestamptz not null,
        constraint station_credential_pk primary key (tenant, station_id),
        constraint station_credential_identity unique (tenant, identity_key)
      )`);
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = [
  'station_credential',
  'authorization_decision',
  'open_session',
  'token',
  'refresh_token',
  'account',
];
