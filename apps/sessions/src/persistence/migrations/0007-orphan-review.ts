import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person decided about a message that belongs to no session. A late start adopts one that was dismissed all the same. */
export class OrphanReview1764400000050 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE orphan_message
      ADD COLUMN dismissed boolean NOT NULL DEFAULT false,
      ADD COLUMN reviewed_by text NOT NULL DEFAULT '',
      ADD COLUMN reviewed_at timestamptz,
      ADD COLUMN review_note text NOT NULL DEFAULT ''`);
    // Listed for review in this order, whatever became of them.
    await queryRunner.query(
      'CREATE INDEX orphan_message_time_idx ON orphan_message (tenant, received_at DESC, id DESC)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX orphan_message_time_idx');
    await queryRunner.query(`ALTER TABLE orphan_message DROP COLUMN review_note, DROP COLUMN reviewed_at,
      DROP COLUMN reviewed_by, DROP COLUMN dismissed`);
  }
}
