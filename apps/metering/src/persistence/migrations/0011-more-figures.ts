import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Figures of intervals and of what goes back to the grid; what the energy of a session was taken from, and where the session is. */
export class MoreFigures1796300000000 implements MigrationInterface {
  readonly name = 'MoreFigures1796300000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table reading add column energy_interval_mwh bigint, add column clock_interval_mwh bigint,
      add column export_interval_mwh bigint, add column power_export_w int`);
    await queryRunner.query(`alter table metered_session add column energy_source text, add column export_mwh bigint,
      add column clock_offset_seconds bigint not null default 0, add column location_id text not null default '',
      add column evse_id text not null default ''`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table metered_session drop column energy_source, drop column export_mwh,
      drop column clock_offset_seconds, drop column location_id, drop column evse_id`);
    await queryRunner.query(`alter table reading drop column energy_interval_mwh, drop column clock_interval_mwh,
      drop column export_interval_mwh, drop column power_export_w`);
  }
}
