import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BulkCommands1764400000030 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
    for (const table of ['bulk_command', 'bulk_command_target']) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE bulk_command, bulk_command_target');
  }
}

const STATEMENTS = [
  `CREATE TABLE bulk_command (
    tenant text NOT NULL,
    id uuid NOT NULL,
    action text NOT NULL,
    payload jsonb NOT NULL,
    filter jsonb NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    cancelled_at timestamptz,
    finished_at timestamptz,
    total integer NOT NULL,
    CONSTRAINT bulk_command_pk PRIMARY KEY (tenant, id)
  )`,
  'CREATE INDEX bulk_command_time_idx ON bulk_command (tenant, requested_at DESC, id DESC)',
  // due_at is set while there is something to do: to send it, or to look after a lease that lapsed.
  `CREATE TABLE bulk_command_target (
    tenant text NOT NULL,
    bulk_id uuid NOT NULL,
    station_id uuid NOT NULL,
    identity text NOT NULL,
    due_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    outcome text,
    status text,
    error_code text,
    finished_at timestamptz,
    CONSTRAINT bulk_command_target_pk PRIMARY KEY (tenant, bulk_id, station_id)
  )`,
  'CREATE INDEX bulk_command_target_due_idx ON bulk_command_target (due_at) WHERE due_at IS NOT NULL',
];
