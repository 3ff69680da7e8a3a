import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SecurityEvents1764400000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // The same event told twice is one row: a charger repeats what was not acknowledged.
    await queryRunner.query(`CREATE TABLE security_event (
      tenant text NOT NULL,
      id uuid NOT NULL,
      station_id uuid NOT NULL,
      kind text NOT NULL,
      critical boolean NOT NULL,
      tech_info text NOT NULL,
      occurred_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL,
      CONSTRAINT security_event_pk PRIMARY KEY (tenant, id),
      CONSTRAINT security_event_key UNIQUE (tenant, station_id, kind, occurred_at)
    )`);
    await queryRunner.query(
      'CREATE INDEX security_event_station_idx ON security_event (tenant, station_id, occurred_at DESC, id DESC)',
    );
    await tenantTable(queryRunner, 'security_event');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE security_event');
  }
}
