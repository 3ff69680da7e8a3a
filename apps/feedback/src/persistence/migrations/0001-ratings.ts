import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

export class Ratings1763700000000 implements MigrationInterface {
  readonly name = 'Ratings1763700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table known_session (
        tenant text not null,
        session_id uuid not null,
        account_id text not null,
        station_id uuid not null,
        ended boolean not null,
        version bigint not null,
        constraint known_session_pk primary key (tenant, session_id)
      )`);
    await queryRunner.query(`
      create table rating (
        tenant text not null,
        id uuid not null,
        session_id uuid not null,
        station_id uuid not null,
        account_id text not null,
        score int not null,
        reasons text[] not null,
        comment text,
        version bigint not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint rating_pk primary key (tenant, id),
        constraint rating_session unique (tenant, session_id),
        constraint rating_score check (score between 1 and 5)
      )`);
    await queryRunner.query('create index rating_by_station on rating (tenant, station_id, id desc)');
    await queryRunner.query(`
      create table station_rating (
        tenant text not null,
        station_id uuid not null,
        score_sum bigint not null,
        score_count bigint not null,
        constraint station_rating_pk primary key (tenant, station_id)
      )`);
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = ['known_session', 'rating', 'station_rating'];
