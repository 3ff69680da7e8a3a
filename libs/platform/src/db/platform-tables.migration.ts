import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from './tenant-table.js';

/** First migration of every service: the tables behind publishing, consuming and idempotent requests. */
export class PlatformTables1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await queryRunner.query(statement);
    for (const table of ['outbox', 'dead_letter', 'idempotency']) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE idempotency, dead_letter, inbox, stream_state, outbox');
  }
}

const TABLES = [
  `CREATE TABLE outbox (
    event_id uuid NOT NULL CONSTRAINT outbox_pk PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_seq_key UNIQUE,
    tenant text NOT NULL,
    subject text NOT NULL,
    payload bytea NOT NULL,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
  )`,
  `CREATE INDEX outbox_unpublished_idx ON outbox (seq) WHERE published_at IS NULL`,
  // What the relay knows about the stream: another creation time or a smaller sequence means that NATS lost data.
  `CREATE TABLE stream_state (
    stream text NOT NULL CONSTRAINT stream_state_pk PRIMARY KEY,
    created text NOT NULL,
    last_seq bigint NOT NULL
  )`,
  // Outlives outbox and stream (14 days), so that a refill never repeats an effect. No tenant: ids only.
  `CREATE TABLE inbox (
    event_id uuid NOT NULL CONSTRAINT inbox_pk PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX inbox_received_idx ON inbox USING brin (received_at)`,
  `CREATE TABLE dead_letter (
    id uuid NOT NULL CONSTRAINT dead_letter_pk PRIMARY KEY,
    tenant text NOT NULL,
    source text NOT NULL,
    subject text NOT NULL,
    event_id text,
    payload bytea NOT NULL,
    traceparent text,
    error_kind text NOT NULL,
    error_code text NOT NULL,
    error_text text NOT NULL,
    deliveries integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    replayed_at timestamptz
  )`,
  // One letter for a message that comes again before its termination reached the server.
  `CREATE UNIQUE INDEX dead_letter_event_key ON dead_letter (subject, event_id) WHERE replayed_at IS NULL`,
  `CREATE TABLE idempotency (
    tenant text NOT NULL,
    operation text NOT NULL,
    subject text NOT NULL,
    key text NOT NULL,
    args_hash text NOT NULL,
    answer jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_pk PRIMARY KEY (tenant, operation, subject, key)
  )`,
  `CREATE INDEX idempotency_created_idx ON idempotency (created_at)`,
];
