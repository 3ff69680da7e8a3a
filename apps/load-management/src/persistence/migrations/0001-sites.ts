import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Sites1763700000000 implements MigrationInterface {
  readonly name = 'Sites1763700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // A site is a location with its limit: the aggregate. Whoever plans or delivers holds its row lock.
    await queryRunner.query(`
      create table site (
        tenant text not null,
        location_id uuid not null,
        name text not null,
        location_version bigint not null,
        limit_da int,
        limit_set_by text,
        limit_set_at timestamptz,
        due_at timestamptz,
        constraint site_pk primary key (tenant, location_id)
      )`);
    await tenantTable(queryRunner, 'site');
    await queryRunner.query('create index site_due on site (due_at) where due_at is not null');
    await queryRunner.query(`
      create table station (
        tenant text not null,
        station_id uuid not null,
        location_id uuid not null,
        online boolean not null,
        version bigint not null,
        constraint station_pk primary key (tenant, station_id)
      )`);
    await tenantTable(queryRunner, 'station');
    await queryRunner.query(`
      create table managed_session (
        tenant text not null,
        session_id uuid not null,
        location_id uuid not null,
        station_id uuid not null,
        evse_number int not null,
        connector_number int not null,
        transaction_ref text not null,
        account_id text not null,
        active boolean not null,
        charging_state text not null,
        started_at timestamptz not null,
        cap_da int,
        phases int not null,
        clock_offset_ms bigint not null,
        version bigint not null,
        constraint managed_session_pk primary key (tenant, session_id)
      )`);
    await tenantTable(queryRunner, 'managed_session');
    await queryRunner.query(
      'create index managed_session_active on managed_session (tenant, location_id) where active',
    );
    await queryRunner.query(`
      create table session_limit (
        tenant text not null,
        session_id uuid not null,
        location_id uuid not null,
        started_at timestamptz not null,
        cap_da int not null,
        wanted_da int,
        applied_da int,
        held_da int,
        lease_until timestamptz,
        state text not null,
        version bigint not null,
        attempt int not null,
        due_at timestamptz,
        flight jsonb,
        constraint session_limit_pk primary key (tenant, session_id)
      )`);
    await tenantTable(queryRunner, 'session_limit');
    await queryRunner.query('create index session_limit_site on session_limit (tenant, location_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['session_limit', 'managed_session', 'station', 'site']) {
      await queryRunner.query(`drop table ${table}`);
    }
  }
}
