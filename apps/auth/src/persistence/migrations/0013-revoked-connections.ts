import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the connection that came with a revoked certificate is to be ended; null: nothing to do. */
export class RevokedConnections1765100013100 implements MigrationInterface {
  readonly name = 'RevokedConnections1765100013100';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table station_certificate add column disconnect_at timestamptz, add column disconnect_attempts int not null default 0',
    );
    await queryRunner.query(
      'create index station_certificate_disconnect on station_certificate (disconnect_at) where disconnect_at is not null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table station_certificate drop column disconnect_at, drop column disconnect_attempts',
    );
  }
}
