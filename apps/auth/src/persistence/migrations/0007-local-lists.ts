import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Local authorization lists and caches of stations: what they should hold, what they are known to hold, what is on its way. */
export class LocalLists1765100007000 implements MigrationInterface {
  readonly name = 'LocalLists1765100007000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // location_id 00000000-0000-0000-0000-000000000000: of the tenant, where a location has none of its own.
    await queryRunner.query(`
      create table local_list_policy (
        tenant text not null,
        location_id uuid not null,
        enabled boolean not null,
        groups text[] not null,
        recent_days int not null,
        most_entries int not null,
        changed_by text not null,
        changed_at timestamptz not null,
        constraint local_list_policy_pk primary key (tenant, location_id)
      )`);
    await queryRunner.query(`
      create table offline_token (
        tenant text not null,
        token_id uuid not null,
        location_id uuid not null,
        flagged_by text not null,
        flagged_at timestamptz not null,
        constraint offline_token_pk primary key (tenant, token_id, location_id),
        constraint offline_token_token foreign key (tenant, token_id) references token (tenant, id)
      )`);
    await queryRunner.query('create index offline_token_location on offline_token (tenant, location_id)');
    // Where a token was accepted last, and until when the station may accept it from its cache. cache_until null: it may not.
    await queryRunner.query(`
      create table token_place (
        tenant text not null,
        token_id uuid not null,
        station_id uuid not null,
        accepted_at timestamptz not null,
        cache_until timestamptz,
        constraint token_place_pk primary key (tenant, token_id, station_id)
      )`);
    await queryRunner.query(
      'create index token_place_station on token_place (tenant, station_id, accepted_at)',
    );
    // version null: nobody knows what the station holds. flight_version: a message is out whose answer we do not have.
    await queryRunner.query(`
      create table local_list (
        tenant text not null,
        station_id uuid not null,
        location_id uuid,
        protocol text not null,
        online boolean not null,
        generation bigint not null,
        state text not null,
        reason text not null,
        version int,
        sent_version int not null,
        flight_version int,
        limits jsonb,
        limits_at timestamptz,
        left_out int not null,
        unfit int not null,
        check_version boolean not null,
        replan boolean not null,
        synced_at timestamptz,
        cache_dirty_at timestamptz,
        cache_cleared_at timestamptz,
        cache_reason text not null,
        attempts int not null,
        wish bigint not null,
        lease bigint not null,
        lease_until timestamptz,
        due_at timestamptz,
        constraint local_list_pk primary key (tenant, station_id)
      )`);
    await queryRunner.query(
      'create index local_list_due on local_list (due_at) where due_at is not null and online',
    );
    await queryRunner.query('create index local_list_state on local_list (tenant, state, station_id)');
    // held_status null: it does not hold it (any more). maybe: a message that has it accepted is out, or was never answered.
    await queryRunner.query(`
      create table local_list_entry (
        tenant text not null,
        station_id uuid not null,
        token_id uuid not null,
        told_id text not null,
        told_type text not null,
        held_status text,
        hash text,
        maybe boolean not null,
        expires_at timestamptz,
        changed_at timestamptz not null,
        constraint local_list_entry_pk primary key (tenant, station_id, token_id)
      )`);
    await queryRunner.query('create index local_list_entry_token on local_list_entry (tenant, token_id)');
    await queryRunner.query(
      'create index local_list_entry_expiry on local_list_entry (expires_at) where expires_at is not null',
    );
    await queryRunner.query(`
      create table local_list_change (
        tenant text not null,
        station_id uuid not null,
        token_id uuid not null,
        constraint local_list_change_pk primary key (tenant, station_id, token_id)
      )`);
    await queryRunner.query(`create index token_by_group on token (tenant, group_id) where group_id <> ''`);
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index token_by_group');
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = [
  'local_list_change',
  'local_list_entry',
  'local_list',
  'token_place',
  'offline_token',
  'local_list_policy',
];
