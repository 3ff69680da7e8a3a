import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Where stations are: a projection of what sessions tells. `evses`: [{"number": 1, "powerTypes": ["AC_3_PHASE"]}] */
export class Places1765100010000 implements MigrationInterface {
  readonly name = 'Places1765100010000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table known_location (
        tenant text not null,
        location_id uuid not null,
        name text not null,
        time_zone text not null,
        latitude double precision not null,
        longitude double precision not null,
        version bigint not null,
        constraint known_location_pk primary key (tenant, location_id)
      )`);
    await queryRunner.query(`
      create table known_station (
        tenant text not null,
        station_id uuid not null,
        identity text not null,
        location_id uuid not null,
        evses jsonb not null,
        version bigint not null,
        constraint known_station_pk primary key (tenant, station_id)
      )`);
    await queryRunner.query('create index known_station_by_location on known_station (tenant, location_id)');
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = ['known_station', 'known_location'];
