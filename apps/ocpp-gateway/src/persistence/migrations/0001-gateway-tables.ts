import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GatewayTables1763700000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE ${TABLES.join(', ')}`);
  }
}

const TABLES = ['station_connection', 'quarantined_frame', 'command_log', 'station_notice'];

const STATEMENTS = [
  // last_seen_at stands in no index, so that its updates stay on their page.
  `CREATE TABLE station_connection (
    tenant text NOT NULL,
    station_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    generation bigint NOT NULL,
    pod text NOT NULL,
    boot_id uuid NOT NULL,
    protocol text NOT NULL,
    remote_ip text NOT NULL,
    since timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    disconnected_at timestamptz,
    previous_connection_id uuid,
    previous_boot_id uuid,
    CONSTRAINT station_connection_pk PRIMARY KEY (tenant, station_id)
  ) WITH (fillfactor = 70)`,
  `CREATE TABLE quarantined_frame (
    tenant text NOT NULL,
    frame_id uuid NOT NULL,
    station_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    protocol text NOT NULL,
    action text NOT NULL,
    error_code text NOT NULL,
    digest bytea NOT NULL,
    frame bytea NOT NULL,
    transaction_ref text,
    repeats integer NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL,
    resolved_at timestamptz,
    CONSTRAINT quarantined_frame_pk PRIMARY KEY (tenant, frame_id),
    CONSTRAINT quarantined_frame_content_key UNIQUE (tenant, station_id, digest)
  )`,
  `CREATE TABLE command_log (
    tenant text NOT NULL,
    command_id uuid NOT NULL,
    caller text NOT NULL,
    idempotency_key text,
    args_hash text NOT NULL,
    station_id uuid NOT NULL,
    requested_by text NOT NULL,
    action text NOT NULL,
    payload jsonb NOT NULL,
    timeout_seconds integer NOT NULL,
    requested_at timestamptz NOT NULL,
    finished_at timestamptz,
    outcome text,
    status text,
    error_code text,
    error_description text,
    answer text,
    CONSTRAINT command_log_pk PRIMARY KEY (tenant, command_id),
    CONSTRAINT command_log_key UNIQUE (tenant, caller, idempotency_key)
  )`,
  `CREATE INDEX command_log_station_idx ON command_log (tenant, station_id, requested_at DESC)`,
  `CREATE TABLE station_notice (
    tenant text NOT NULL,
    notice_id uuid NOT NULL,
    station_id uuid NOT NULL,
    action text NOT NULL,
    vendor_id text NOT NULL,
    message_id text NOT NULL,
    content text NOT NULL,
    truncated boolean NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT station_notice_pk PRIMARY KEY (tenant, notice_id)
  )`,
  `CREATE INDEX station_notice_station_idx ON station_notice (tenant, station_id, received_at DESC)`,
];
