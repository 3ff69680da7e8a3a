import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For the questions that are asked of every session: does a look wait for it, is its connector faulted. Both are small. */
export class FewerLooks1765000000000 implements MigrationInterface {
  readonly name = 'FewerLooks1765000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'create index pending_judgement_waiting on pending_judgement (tenant, session_id) where charging_since is null',
    );
    await queryRunner.query(
      'create index connector_state_faulted on connector_state (tenant, station_id, evse_number) where faulted_at is not null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index connector_state_faulted');
    await queryRunner.query('drop index pending_judgement_waiting');
  }
}
