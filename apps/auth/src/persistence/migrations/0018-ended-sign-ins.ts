import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was ended lately is read every few seconds by every service. */
export class EndedSignIns1765100018000 implements MigrationInterface {
  readonly name = 'EndedSignIns1765100018000';
  /** The index is made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists sign_in_session_ended');
    await queryRunner.query(
      'create index concurrently sign_in_session_ended on sign_in_session (ended_at) where ended_at is not null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index sign_in_session_ended');
  }
}
