import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TRACE_SLOTS } from '../../domain/trace-slot.js';

/**
 * What people look into when a charger makes trouble: how it connected, or tried to, and the frames of its connections.
 * Frames stand in a ring of hourly partitions: forgetting an hour is one TRUNCATE. The ring is unlogged (docs/adr/0009).
 */
export class WireJournal1764400000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
    for (let slot = 0; slot < TRACE_SLOTS; slot++) {
      const partition = `wire_frame_${slot}`;
      await queryRunner.query(
        `CREATE UNLOGGED TABLE ${partition} PARTITION OF wire_frame FOR VALUES IN (${slot})`,
      );
      // A partition that is asked by its own name has no other wall.
      await tenantTable(queryRunner, partition);
    }
    await tenantTable(queryRunner, 'wire_frame');
    await tenantTable(queryRunner, 'connection_attempt');
    await queryRunner.query(FORGET);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION forget_wire_frames(smallint)');
    await queryRunner.query('DROP TABLE wire_frame, connection_attempt');
    await queryRunner.query(
      'ALTER TABLE quarantined_frame DROP COLUMN resolution, DROP COLUMN resolution_note, DROP COLUMN resolved_by',
    );
  }
}

const STATEMENTS = [
  `CREATE TABLE connection_attempt (
    tenant text NOT NULL,
    attempt_id uuid NOT NULL,
    at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    times integer NOT NULL,
    identity text NOT NULL,
    station_id uuid,
    connection_id uuid,
    outcome text NOT NULL,
    reason text NOT NULL,
    http_status integer NOT NULL,
    url text NOT NULL,
    subprotocols text NOT NULL,
    protocol text NOT NULL,
    security_profile integer,
    tls text NOT NULL,
    remote_ip text NOT NULL,
    user_agent text NOT NULL,
    CONSTRAINT connection_attempt_pk PRIMARY KEY (tenant, attempt_id)
  )`,
  `CREATE INDEX connection_attempt_time_idx ON connection_attempt (tenant, at DESC, attempt_id DESC)`,
  `CREATE INDEX connection_attempt_identity_idx ON connection_attempt (tenant, lower(identity), at DESC)`,
  `CREATE INDEX connection_attempt_age_idx ON connection_attempt (at)`,
  // "no" is the order of the gateway process: milliseconds * 512 + count.
  `CREATE TABLE wire_frame (
    slot smallint NOT NULL,
    tenant text NOT NULL,
    station_id uuid NOT NULL,
    no bigint NOT NULL,
    connection_id uuid NOT NULL,
    sent boolean NOT NULL,
    action text NOT NULL,
    message_id text NOT NULL,
    bytes integer NOT NULL,
    truncated boolean NOT NULL,
    frame text NOT NULL
  ) PARTITION BY LIST (slot)`,
  `CREATE INDEX wire_frame_station_idx ON wire_frame (tenant, station_id, no)`,
  `ALTER TABLE quarantined_frame ADD COLUMN resolution text, ADD COLUMN resolution_note text,
    ADD COLUMN resolved_by text`,
  `CREATE INDEX quarantined_frame_time_idx ON quarantined_frame (tenant, received_at DESC, frame_id DESC)`,
];

/** TRUNCATE is the owner's; the service may empty an hour of the ring. An empty one is left alone: no lock, no new file. */
const FORGET = `CREATE FUNCTION forget_wire_frames(slot smallint) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  DECLARE
    filled boolean;
  BEGIN
    IF slot < 0 OR slot >= ${TRACE_SLOTS} THEN
      RAISE EXCEPTION 'no such slot: %', slot;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM wire_frame_%s)', slot) INTO filled;
    IF filled THEN
      EXECUTE format('TRUNCATE TABLE wire_frame_%s', slot);
    END IF;
  END $$`;
