import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** What drivers object to, and what was answered. */
export class Disputes1796663000000 implements MigrationInterface {
  readonly name = 'Disputes1796663000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create table dispute (tenant text not null,
      id uuid not null,
      session_id uuid not null,
      invoice_id uuid not null,
      account_id text not null,
      reason text not null,
      text text not null,
      state text not null,
      opened_at timestamptz not null,
      decided_at timestamptz,
      decided_by text,
      answer text,
      constraint dispute_pk primary key (tenant, id),
      constraint dispute_invoice unique (tenant, invoice_id))`);
    await tenantTable(queryRunner, 'dispute');
    await queryRunner.query('create index dispute_account on dispute (tenant, account_id, id)');
    await queryRunner.query('create index dispute_session on dispute (tenant, session_id, id)');
    await queryRunner.query("create index dispute_open on dispute (tenant, id) where state = 'OPEN'");
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table dispute');
  }
}
