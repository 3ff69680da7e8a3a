import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a session was reserved by; a reservation that no session used has a row of its own, under its own id. */
export class Reservations1796760000000 implements MigrationInterface {
  readonly name = 'Reservations1796760000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table billed_session add column reservation json');
    await queryRunner.query(`
      create index billed_session_reservation_idx on billed_session (tenant, (reservation ->> 'reservationId'))
        where reservation is not null`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index billed_session_reservation_idx');
    await queryRunner.query('alter table billed_session drop column reservation');
  }
}
