import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether an operator has a station pinged or not; null: as its model says. */
export class StationPings1796760000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE station ADD COLUMN pinged boolean');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE station DROP COLUMN pinged');
  }
}
