import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A session may have several reservations on a card, one after the other: `part` counts them, `renews` is the one whose place it takes,
 * `renewed`: another was asked for, or none is.
 */
export class MoreReservations1796771000000 implements MigrationInterface {
  readonly name = 'MoreReservations1796771000000';
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table payment add column if not exists part int not null default 1,
      add column if not exists renews uuid, add column if not exists renewed boolean not null default false`);
    await queryRunner.query('drop index concurrently if exists payment_session_part');
    await queryRunner.query(
      "create unique index concurrently payment_session_part on payment (tenant, session_id, part) where purpose = 'SESSION'",
    );
    await queryRunner.query('drop index concurrently if exists payment_session');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      "create unique index concurrently payment_session on payment (tenant, session_id) where purpose = 'SESSION'",
    );
    await queryRunner.query('drop index concurrently payment_session_part');
    await queryRunner.query('alter table payment drop column renewed, drop column renews, drop column part');
  }
}
