import type { MigrationInterface, QueryRunner } from 'typeorm';

const KEYS: Readonly<Record<string, string>> = {
  cdr_session_revision:
    'unique index concurrently cdr_session_revision on cdr (tenant, session_id, revision)',
  cdr_credit: 'unique index concurrently cdr_credit on cdr (tenant, credit_of) where credit_of is not null',
  invoice_cdr: 'unique index concurrently invoice_cdr on invoice (tenant, cdr_id)',
  invoice_credit:
    'unique index concurrently invoice_credit on invoice (tenant, credits_id) where credits_id is not null',
  invoice_of_session: 'index concurrently invoice_of_session on invoice (tenant, session_id, id)',
};

/** The new keys first, then the old ones go: at no time is a session without one. */
export class CorrectionKeys1796662000000 implements MigrationInterface {
  readonly name = 'CorrectionKeys1796662000000';
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [name, key] of Object.entries(KEYS)) {
      // What an interrupted run left is of no use.
      await queryRunner.query(`drop index concurrently if exists ${name}`);
      await queryRunner.query(`create ${key}`);
    }
    await queryRunner.query('alter table cdr drop constraint if exists cdr_session');
    await queryRunner.query('alter table invoice drop constraint if exists invoice_session');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table invoice add constraint invoice_session unique (tenant, session_id)');
    await queryRunner.query('alter table cdr add constraint cdr_session unique (tenant, session_id)');
    for (const name of Object.keys(KEYS)) {
      await queryRunner.query(`drop index concurrently if exists ${name}`);
    }
  }
}
