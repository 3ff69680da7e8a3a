import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a station is sent WebSocket pings; null: as its model says. */
export class StationPings1796720035000 implements MigrationInterface {
  readonly name = 'StationPings1796720035000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table station_credential add column pinged boolean');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table station_credential drop column pinged');
  }
}
