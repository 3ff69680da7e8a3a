import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DROP_READING_PARTITION } from './0012-reading-partitions.js';

/**
 * Each change of a session's row but the first moves it in the queues or among those that run, so it is entered anew into every index it
 * stands in: those that another one serves as well go. What runs in a whole tenant, and what is open, is found by the indexes of what runs
 * (`metered_session_running`) and of what is due. With room on its page a change of anything else, as of the charging state, enters none.
 */
export class FewerIndexes1796470000000 implements MigrationInterface {
  readonly name = 'FewerIndexes1796470000000';
  /** Indexes are dropped beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DROP.replace(NOT_CLOSED, OPEN));
    for (const index of INDEXES.keys()) await queryRunner.query(`drop index concurrently if exists ${index}`);
    await queryRunner.query('alter table metered_session set (fillfactor = 60)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table metered_session reset (fillfactor)');
    for (const [index, on] of INDEXES) {
      await queryRunner.query(`drop index if exists ${index}`);
      await queryRunner.query(`create index ${index} on metered_session ${on}`);
    }
    await queryRunner.query(DROP);
  }
}

const INDEXES: ReadonlyMap<string, string> = new Map([
  ['metered_session_active', `(tenant, session_id) where status = 'ACTIVE'`],
  ['metered_session_open', '(started_at) where closed_at is null or curve_due_at is not null'],
  ['metered_session_location', '(tenant, location_id)'],
  ['metered_session_evse', '(tenant, evse_id)'],
]);

/** The function that drops months, in the place of the one that is there. */
const DROP = DROP_READING_PARTITION.replace('create function', 'create or replace function');
export const NOT_CLOSED = '(s.closed_at is null or s.curve_due_at is not null)';
/** The same sessions: one that is not closed runs, or waits for its closing. Each of the three has its index. */
export const OPEN = `(s.status = ''ACTIVE'' or s.due_at is not null or s.curve_due_at is not null)`;
