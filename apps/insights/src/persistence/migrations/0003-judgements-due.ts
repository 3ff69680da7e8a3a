import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Judgements wait for seconds to hours: whoever looks for those that are due must not walk over all that are not. */
export class JudgementsDue1764900000000 implements MigrationInterface {
  readonly name = 'JudgementsDue1764900000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('create index pending_judgement_due on pending_judgement (due_at, id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index pending_judgement_due');
  }
}
