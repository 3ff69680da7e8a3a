import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A station may use a transactionId again: the sessions but the first under it have a `transaction_ref` of their own, and the station's
 * id here. Few have one, so that nobody pays for the look.
 */
export class ReusedTransactionIds1796760000003 implements MigrationInterface {
  readonly name = 'ReusedTransactionIds1796760000003';
  /** The index is made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE session ADD COLUMN IF NOT EXISTS station_ref text');
    await queryRunner.query('DROP INDEX CONCURRENTLY IF EXISTS session_station_ref_idx');
    await queryRunner.query(`CREATE INDEX CONCURRENTLY session_station_ref_idx
      ON session (tenant, station_id, station_ref, started_at) WHERE station_ref IS NOT NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE session DROP COLUMN station_ref');
  }
}
