import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When the process that holds a connection last said so: a charger that is not pinged may be silent for longer than it takes to miss a
 * process. It stands in no index, like last_seen_at. Null: written by a process of the release before. And where the connection came from
 * that a new one replaced while it was open.
 */
export class ConnectionsHeld1796770000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE station_connection ADD COLUMN held_at timestamptz, ADD COLUMN previous_remote_ip text',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE station_connection DROP COLUMN previous_remote_ip, DROP COLUMN held_at',
    );
  }
}
