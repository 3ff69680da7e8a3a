import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Few among all accounts, and asked for once a second while somebody shows a token. */
export class SwitchedOffExternals1796720037000 implements MigrationInterface {
  readonly name = 'SwitchedOffExternals1796720037000';
  /** The index is made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists account_external_off');
    await queryRunner.query(
      'create index concurrently account_external_off on account (id) where issuer is not null and not active',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index account_external_off');
  }
}
