import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A session is updated a few times within its hours, each time with a new `last_updated`. An index of blocks lets the row stay where
 * it is (HOT), and finds what is new as well: rows are changed soon after they were made.
 */
export class SessionsInPlace1765000000000 implements MigrationInterface {
  readonly name = 'SessionsInPlace1765000000000';
  /** The index is exchanged beside the traffic; each step may be done again after an interruption. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists roaming_session_blocks');
    await queryRunner.query(`create index concurrently roaming_session_blocks on roaming_session using brin (last_updated)
      with (pages_per_range = 16, autosummarize = on)`);
    await queryRunner.query('drop index concurrently if exists roaming_session_updated');
    await queryRunner.query('alter index roaming_session_blocks rename to roaming_session_updated');
    await queryRunner.query('alter table roaming_session set (fillfactor = 60)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table roaming_session reset (fillfactor)');
    await queryRunner.query('drop index if exists roaming_session_updated');
    await queryRunner.query('create index roaming_session_updated on roaming_session (tenant, last_updated)');
  }
}
