import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The session that runs on an EVSE now: a look-up for readings that name no transaction. Only running ones are in it. */
export class RunningSessions1796000000000 implements MigrationInterface {
  readonly name = 'RunningSessions1796000000000';
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists metered_session_running');
    await queryRunner.query(
      `create index concurrently metered_session_running on metered_session (tenant, station_id, evse_number, started_at)
        where status = 'ACTIVE'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index metered_session_running');
  }
}
