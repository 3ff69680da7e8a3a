import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often each station left the specification, by kind. No index on last_at: a row that grows stays on its page. */
export class StationDeviations1796770000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE station_deviation (
      tenant text NOT NULL,
      station_id uuid NOT NULL,
      kind text NOT NULL,
      messages bigint NOT NULL,
      path text NOT NULL,
      first_at timestamptz NOT NULL,
      last_at timestamptz NOT NULL,
      CONSTRAINT station_deviation_pk PRIMARY KEY (tenant, station_id, kind)
    ) WITH (fillfactor = 70)`);
    await tenantTable(queryRunner, 'station_deviation');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE station_deviation');
  }
}
