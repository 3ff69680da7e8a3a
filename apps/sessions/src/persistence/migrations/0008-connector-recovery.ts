import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connectors that misbehave without a session, and what was tried. lease tells one run from the next. */
export class ConnectorRecovery1764400000060 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE connector_recovery (
      tenant text NOT NULL,
      id uuid NOT NULL,
      station_id uuid NOT NULL,
      connector_id uuid NOT NULL,
      trouble text NOT NULL,
      state text NOT NULL,
      tries jsonb NOT NULL,
      found_at timestamptz NOT NULL,
      ended_at timestamptz,
      due_at timestamptz,
      lease bigint NOT NULL,
      CONSTRAINT connector_recovery_pk PRIMARY KEY (tenant, id)
    )`);
    await tenantTable(queryRunner, 'connector_recovery');
    // One at a time for a connector.
    await queryRunner.query(`CREATE UNIQUE INDEX connector_recovery_open_idx ON connector_recovery (tenant, connector_id)
      WHERE ended_at IS NULL`);
    await queryRunner.query(
      'CREATE INDEX connector_recovery_connector_idx ON connector_recovery (tenant, connector_id, ended_at)',
    );
    await queryRunner.query(
      'CREATE INDEX connector_recovery_due_idx ON connector_recovery (due_at) WHERE due_at IS NOT NULL',
    );
    await queryRunner.query(
      'CREATE INDEX connector_recovery_station_idx ON connector_recovery (tenant, station_id, found_at DESC, id DESC)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE connector_recovery');
  }
}
