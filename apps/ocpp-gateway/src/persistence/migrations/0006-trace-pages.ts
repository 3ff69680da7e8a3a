import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TRACE_SLOTS } from '../../domain/trace-slot.js';

interface Ring {
  readonly table: string;
  readonly columns: string;
  readonly index: string;
}

const PAGES: Ring = {
  table: 'wire_page',
  // Numbers of the first and the last frame; "frames" is JSON (src/domain/trace-page.ts).
  columns: `slot smallint NOT NULL, tenant text NOT NULL, station_id uuid NOT NULL, connection_id uuid NOT NULL,
    first_no bigint NOT NULL, last_no bigint NOT NULL, frames text NOT NULL`,
  index: '(tenant, station_id, last_no)',
};

const FRAMES: Ring = {
  table: 'wire_frame',
  columns: `slot smallint NOT NULL, tenant text NOT NULL, station_id uuid NOT NULL, no bigint NOT NULL, connection_id uuid NOT NULL,
    sent boolean NOT NULL, action text NOT NULL, message_id text NOT NULL, bytes integer NOT NULL, truncated boolean NOT NULL,
    frame text NOT NULL`,
  index: '(tenant, station_id, no)',
};

/** The ring holds pages of frames instead of frames. What was in it is at most a day old and no evidence: it is not carried over. */
export class TracePages1765200000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await replace(queryRunner, FRAMES, PAGES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await replace(queryRunner, PAGES, FRAMES);
  }
}

async function replace(queryRunner: QueryRunner, old: Ring, { table, columns, index }: Ring): Promise<void> {
  await queryRunner.query(`DROP TABLE ${old.table}`);
  await queryRunner.query(`CREATE TABLE ${table} (${columns}) PARTITION BY LIST (slot)`);
  await queryRunner.query(`CREATE INDEX ${table}_station_idx ON ${table} ${index}`);
  for (let slot = 0; slot < TRACE_SLOTS; slot++) {
    const partition = `${table}_${slot}`;
    await queryRunner.query(
      `CREATE UNLOGGED TABLE ${partition} PARTITION OF ${table} FOR VALUES IN (${slot}) WITH (autovacuum_enabled = false)`,
    );
    // Compressing what nobody reads costs more than the room it takes for a day.
    if (table === PAGES.table)
      await queryRunner.query(`ALTER TABLE ${partition} ALTER COLUMN frames SET STORAGE EXTERNAL`);
    await tenantTable(queryRunner, partition);
  }
  await tenantTable(queryRunner, table);
  await queryRunner.query('DROP FUNCTION forget_wire_frames(smallint)');
  await queryRunner.query(forget(table));
}

/** TRUNCATE is the owner's; the service may empty an hour of the ring. An empty one is left alone: no lock, no new file. */
function forget(table: string): string {
  return `CREATE FUNCTION forget_wire_frames(slot smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
      filled boolean;
    BEGIN
      IF slot < 0 OR slot >= ${TRACE_SLOTS} THEN
        RAISE EXCEPTION 'no such slot: %', slot;
      END IF;
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM ${table}_%s)', slot) INTO filled;
      IF filled THEN
        EXECUTE format('TRUNCATE TABLE ${table}_%s', slot);
      END IF;
    END $$`;
}
