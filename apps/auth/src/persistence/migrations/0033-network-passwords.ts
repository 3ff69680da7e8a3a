import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A password that a station got with another network profile (OCPP 2.1): which profiles came first before, so that this can be put back
 * when the station does not come with it.
 */
export class NetworkPasswords1796720033000 implements MigrationInterface {
  readonly name = 'NetworkPasswords1796720033000';
  /** The index is made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table station_credential add column if not exists pending_priority text,
        add column if not exists restore_due_at timestamptz,
        add column if not exists restore_attempts int not null default 0`);
    await queryRunner.query('drop index concurrently if exists station_credential_restore');
    await queryRunner.query(
      `create index concurrently station_credential_restore on station_credential (restore_due_at)
        where restore_due_at is not null`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index station_credential_restore');
    await queryRunner.query(`
      alter table station_credential drop column restore_attempts, drop column restore_due_at,
        drop column pending_priority`);
  }
}
