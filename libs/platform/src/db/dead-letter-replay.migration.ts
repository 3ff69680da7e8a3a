import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dead letters that an operator wants replayed, or has looked at and given up (tools/src/dead-letters). */
export class DeadLetterReplay1700000001000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE dead_letter ADD COLUMN replay_requested_at timestamptz, ADD COLUMN discarded_at timestamptz`,
    );
    await queryRunner.query(
      `CREATE INDEX dead_letter_requested_idx ON dead_letter (replay_requested_at) WHERE replay_requested_at IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE dead_letter DROP COLUMN replay_requested_at, DROP COLUMN discarded_at',
    );
  }
}
