import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the station ever said that it keeps the connector: news of the end come twice and in any order, and the bill asks at each. */
export class ReservationHeld1796760000001 implements MigrationInterface {
  readonly name = 'ReservationHeld1796760000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE reservation ADD COLUMN held boolean NOT NULL DEFAULT false');
    await queryRunner.query(`UPDATE reservation SET held = true WHERE status = 'ACTIVE'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE reservation DROP COLUMN held');
  }
}
