import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What stations say they are: many come back without a BootNotification, and their model decides how they are spoken to. */
export class StationModels1764800000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE station_model (
      tenant text NOT NULL,
      station_id uuid NOT NULL,
      vendor text NOT NULL,
      model text NOT NULL,
      said_at timestamptz NOT NULL,
      CONSTRAINT station_model_pk PRIMARY KEY (tenant, station_id)
    )`);
    await tenantTable(queryRunner, 'station_model');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE station_model');
  }
}
