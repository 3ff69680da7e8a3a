import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** What holders say of their tokens, and the way to what was done with them. */
export class OwnTokens1765100012000 implements MigrationInterface {
  readonly name = 'OwnTokens1765100012000';
  /** The index is made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table if not exists token_holder (
        tenant text not null,
        token_id uuid not null,
        name text not null default '',
        blocked boolean not null default false,
        constraint token_holder_pk primary key (tenant, token_id),
        constraint token_holder_token foreign key (tenant, token_id) references token (tenant, id)
      )`);
    await queryRunner.query('drop policy if exists tenant_isolation on token_holder');
    await tenantTable(queryRunner, 'token_holder');
    await queryRunner.query('drop index concurrently if exists authorization_decision_account');
    await queryRunner.query(
      `create index concurrently authorization_decision_account on authorization_decision (tenant, account_id, id)
        where account_id is not null`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index authorization_decision_account');
    await queryRunner.query('drop table token_holder');
  }
}
