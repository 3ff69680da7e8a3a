import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * Invoices over several CDRs. `invoiced_cdr`: what is on which invoice or credit note, each CDR once; for a document over one CDR a trigger
 * fills it, so that those of pods of the version before have theirs, too. `collective_cdr`: what waits for the invoice of its month,
 * `collective_month`.
 */
export class CollectiveInvoices1796730000000 implements MigrationInterface {
  readonly name = 'CollectiveInvoices1796730000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table invoice alter column session_id drop not null, alter column cdr_id drop not null,
      add column credited_incl numeric(20, 4) not null default 0`);
    await queryRunner.query(`create table invoiced_cdr (tenant text not null,
      cdr_id uuid not null,
      invoice_id uuid not null,
      session_id uuid not null,
      position int not null,
      constraint invoiced_cdr_pk primary key (tenant, cdr_id))`);
    await tenantTable(queryRunner, 'invoiced_cdr');
    await queryRunner.query(
      'create index invoiced_cdr_invoice on invoiced_cdr (tenant, invoice_id, position)',
    );
    await queryRunner.query(
      'create index invoiced_cdr_session on invoiced_cdr (tenant, session_id, invoice_id)',
    );
    await queryRunner.query(`create function note_invoiced_cdr() returns trigger language plpgsql as
      $$ begin
        insert into invoiced_cdr (tenant, cdr_id, invoice_id, session_id, position)
          values (new.tenant, new.cdr_id, new.id, new.session_id, 1);
        return null;
      end $$`);
    await queryRunner.query(`create trigger invoice_of_one after insert on invoice for each row when (new.cdr_id is not null)
      execute function note_invoiced_cdr()`);
    await queryRunner.query(`create table collective_month (tenant text not null,
      account_id text not null,
      currency text not null,
      month text not null,
      due_at timestamptz,
      invoice_id uuid,
      constraint collective_month_pk primary key (tenant, account_id, currency, month))`);
    await tenantTable(queryRunner, 'collective_month');
    await queryRunner.query(
      'create index collective_month_due on collective_month (due_at) where due_at is not null',
    );
    await queryRunner.query(`create table collective_cdr (tenant text not null,
      cdr_id uuid not null,
      account_id text not null,
      currency text not null,
      month text not null,
      constraint collective_cdr_pk primary key (tenant, cdr_id))`);
    await tenantTable(queryRunner, 'collective_cdr');
    await queryRunner.query(
      'create index collective_cdr_month on collective_cdr (tenant, account_id, currency, month)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table collective_cdr');
    await queryRunner.query('drop table collective_month');
    await queryRunner.query('drop trigger invoice_of_one on invoice');
    await queryRunner.query('drop function note_invoiced_cdr');
    await queryRunner.query('drop table invoiced_cdr');
    await queryRunner.query('alter table invoice drop column credited_incl');
  }
}
