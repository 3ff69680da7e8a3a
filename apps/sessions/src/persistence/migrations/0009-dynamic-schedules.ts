import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dynamic schedules of 2.1 stations, and the values that stations tell as streams. */
export class DynamicSchedules1764950000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [name, sql] of TABLES) {
      await queryRunner.query(sql);
      await tenantTable(queryRunner, name);
    }
    for (const index of INDEXES) await queryRunner.query(index);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE event_stream_value, event_stream, dynamic_schedule');
  }
}

const TABLES: readonly (readonly [name: string, sql: string])[] = [
  [
    'dynamic_schedule',
    // told_at: when the station got these limits; null after a change that it has not heard of.
    `CREATE TABLE dynamic_schedule (
      tenant text NOT NULL,
      station_id uuid NOT NULL,
      profile_id integer NOT NULL,
      evse_number integer NOT NULL,
      purpose text NOT NULL,
      stack_level integer NOT NULL,
      unit text NOT NULL,
      interval_seconds integer,
      duration_seconds integer,
      limits jsonb NOT NULL,
      changed_by text NOT NULL,
      changed_at timestamptz NOT NULL,
      told_at timestamptz,
      asked_at timestamptz,
      CONSTRAINT dynamic_schedule_pk PRIMARY KEY (tenant, station_id, profile_id)
    )`,
  ],
  [
    'event_stream',
    `CREATE TABLE event_stream (
      tenant text NOT NULL,
      station_id uuid NOT NULL,
      stream_id integer NOT NULL,
      monitor_id integer NOT NULL,
      interval_seconds integer,
      values_at_most integer,
      opened_at timestamptz NOT NULL,
      closed_at timestamptz,
      told_at timestamptz,
      pending integer NOT NULL DEFAULT 0,
      received bigint NOT NULL DEFAULT 0,
      CONSTRAINT event_stream_pk PRIMARY KEY (tenant, station_id, stream_id)
    )`,
  ],
  [
    'event_stream_value',
    `CREATE TABLE event_stream_value (
      tenant text NOT NULL,
      station_id uuid NOT NULL,
      monitor_id integer NOT NULL,
      at timestamptz NOT NULL,
      value text NOT NULL,
      received_at timestamptz NOT NULL,
      CONSTRAINT event_stream_value_pk PRIMARY KEY (tenant, station_id, monitor_id, at)
    )`,
  ],
];

const INDEXES = [
  'CREATE INDEX event_stream_value_age_idx ON event_stream_value (received_at)',
  'CREATE INDEX event_stream_closed_idx ON event_stream (closed_at) WHERE closed_at IS NOT NULL',
];
