import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Sessions whose token was refused, as far as sessions tells: while one waits, others are told to wait too (C01.FR.24). */
export class RefusedSessions1765100013300 implements MigrationInterface {
  readonly name = 'RefusedSessions1765100013300';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table refused_session (
        tenant text not null,
        session_id uuid not null,
        station_id uuid not null,
        evse_number int not null,
        token_id uuid,
        since timestamptz not null,
        waits boolean not null,
        version bigint not null,
        constraint refused_session_pk primary key (tenant, session_id)
      )`);
    await queryRunner.query(
      'create index refused_session_by_station on refused_session (tenant, station_id) where waits',
    );
    await queryRunner.query('create index refused_session_since on refused_session (since)');
    await tenantTable(queryRunner, 'refused_session');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table refused_session');
  }
}
