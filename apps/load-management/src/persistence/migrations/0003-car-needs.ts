import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What cars said over ISO 15118, and the schedules they got for it. */
export class CarNeeds1764950000000 implements MigrationInterface {
  readonly name = 'CarNeeds1764950000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // One car at an EVSE. session_id: null while the session has not begun. needs: null when the car told a schedule only.
    await queryRunner.query(`
      create table car_needs (
        tenant text not null,
        station_id uuid not null,
        evse_number int not null,
        location_id uuid not null,
        session_id uuid,
        needs jsonb,
        needs_no bigint not null,
        told_at timestamptz not null,
        car_schedule jsonb,
        car_schedule_at timestamptz,
        car_schedule_fits boolean,
        car_refusals int not null default 0,
        constraint car_needs_pk primary key (tenant, station_id, evse_number)
      )`);
    await tenantTable(queryRunner, 'car_needs');
    await queryRunner.query('create index car_needs_site on car_needs (tenant, location_id)');
    await queryRunner.query('create index car_needs_session on car_needs (tenant, session_id)');
    await queryRunner.query(`
      alter table session_limit add column needs_no bigint not null default 0,
        add column applied_needs_no bigint not null default 0, add column schedule jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table session_limit drop column needs_no, drop column applied_needs_no, drop column schedule',
    );
    await queryRunner.query('drop table car_needs');
  }
}
