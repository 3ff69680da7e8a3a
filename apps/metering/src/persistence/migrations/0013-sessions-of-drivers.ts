import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last sessions of a driver, from which the forecast knows the car; the sessions of a location and of an EVSE, and those that run there now. */
export class SessionsOfDrivers1796450000000 implements MigrationInterface {
  readonly name = 'SessionsOfDrivers1796450000000';
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists metered_session_driver');
    await queryRunner.query(
      `create index concurrently metered_session_driver on metered_session (tenant, account_id, started_at)
        where account_id <> '' and curve_filled_at is not null`,
    );
    for (const place of ['location', 'evse']) {
      await queryRunner.query(`drop index concurrently if exists metered_session_${place}`);
      await queryRunner.query(
        `create index concurrently metered_session_${place} on metered_session (tenant, ${place}_id)`,
      );
      await queryRunner.query(`drop index concurrently if exists metered_session_live_${place}`);
      await queryRunner.query(
        `create index concurrently metered_session_live_${place} on metered_session (tenant, ${place}_id)
          where status = 'ACTIVE'`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `drop index metered_session_driver, metered_session_location, metered_session_evse, metered_session_live_location,
        metered_session_live_evse`,
    );
  }
}
