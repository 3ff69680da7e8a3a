import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Starts that were accepted and whose session has not been told yet: whoever starts at the same moment elsewhere meets them (T6). */
export class TokenStarts1765100022000 implements MigrationInterface {
  readonly name = 'TokenStarts1765100022000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table token_start (
        tenant text not null,
        token_id uuid not null,
        station_id uuid not null,
        evse_number int not null,
        started_at timestamptz not null,
        held_until timestamptz not null,
        constraint token_start_pk primary key (tenant, token_id)
      )`);
    await tenantTable(queryRunner, 'token_start');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table token_start');
  }
}
