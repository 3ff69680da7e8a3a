import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each is an array, with an entry for each minute. */
const COLUMNS: readonly (readonly [column: string, type: string])[] = [
  // Since 1970. No int: a charger's clock may say any year.
  ['minute', 'bigint'],
  ['power_w', 'int'],
  ['max_power_w', 'int'],
  ['power_export_w', 'int'],
  ['energy_import_mwh', 'bigint'],
  ['energy_export_mwh', 'bigint'],
  ['soc_percent', 'real'],
  ['readings', 'int'],
];

/**
 * The curve of a session is one row: a row for each of its minutes and quarters, each with an entry in an index, was a seventh of all that
 * metering spent in SQL. What was drawn before stays in `reading_minute` and `reading_quarter`, is read from there, and is dropped with
 * its months; pods of the release before go on drawing into these.
 */
export class PackedCurves1796480000000 implements MigrationInterface {
  readonly name = 'PackedCurves1796480000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create table session_curve (
      tenant text not null,
      session_id uuid not null,
      drawn_at timestamptz not null,
      ${COLUMNS.map(([column, type]) => `${column} ${type}[] not null`).join(', ')},
      constraint session_curve_pk primary key (tenant, session_id)
    )`);
    await tenantTable(queryRunner, 'session_curve');
    await queryRunner.query('create index session_curve_drawn on session_curve (drawn_at)');
    // Nobody looks for what is in an array; to count the elements of all would cost more than to draw them.
    await queryRunner.query(
      `alter table session_curve ${COLUMNS.map(([column]) => `alter column ${column} set statistics 0`).join(', ')}`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table session_curve');
  }
}
