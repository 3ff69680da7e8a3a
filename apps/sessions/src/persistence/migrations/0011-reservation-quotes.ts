import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The price that a driver was shown before a connector was kept for them. */
export class ReservationQuotes1796760000000 implements MigrationInterface {
  readonly name = 'ReservationQuotes1796760000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE reservation ADD COLUMN quote_id text NOT NULL DEFAULT ''`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE reservation DROP COLUMN quote_id');
  }
}
