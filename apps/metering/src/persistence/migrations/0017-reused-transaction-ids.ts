import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DROP_READING_PARTITION } from './0012-reading-partitions.js';
import { NOT_CLOSED, OPEN } from './0015-fewer-indexes.js';

/**
 * A station may use a transactionId again: the sessions but the first under it have a `transaction_ref` of their own, and the station's
 * id, under which their readings are, here. Few have one, so that nobody pays for the look.
 */
export class ReusedTransactionIds1796760000004 implements MigrationInterface {
  readonly name = 'ReusedTransactionIds1796760000004';
  /** The index is made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table metered_session add column if not exists station_ref text');
    await queryRunner.query('drop index concurrently if exists metered_session_station_ref');
    await queryRunner.query(`create index concurrently metered_session_station_ref
      on metered_session (tenant, station_id, station_ref, started_at) where station_ref is not null`);
    await queryRunner.query(DROP.replace(BY_REF, BY_REF.replace(OWN, `coalesce(s.station_ref, ${OWN})`)));
  }

  /** Sessions under an id that was used again lose their readings with it: let them close first. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DROP);
    await queryRunner.query('alter table metered_session drop column station_ref');
  }
}

/** The function that drops months, as it was. */
const DROP = DROP_READING_PARTITION.replace('create function', 'create or replace function').replace(
  NOT_CLOSED,
  OPEN,
);
const OWN = 's.transaction_ref';
const BY_REF = `r.transaction_ref = ${OWN}`;
