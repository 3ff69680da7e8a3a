import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

const TABLES: Readonly<Record<string, string>> = {
  // `month`: the next one to be stated, at `due_at`.
  payee: `
    id uuid not null,
    name text not null,
    address text not null,
    vat_id text not null,
    currency text not null,
    month text not null,
    due_at timestamptz not null,
    updated_by text not null,
    updated_at timestamptz not null,
    constraint payee_pk primary key (tenant, id)`,
  // Never changed but for its end. Months are those in which a session was first billed.
  payee_term: `
    id uuid not null,
    payee_id uuid not null,
    location_id text not null,
    kind text not null,
    value numeric(20, 6) not null,
    first_month text not null,
    last_month text,
    reason text not null,
    agreed_by text not null,
    agreed_at timestamptz not null,
    end_reason text,
    ended_by text,
    ended_at timestamptz,
    constraint payee_term_pk primary key (tenant, id)`,
  payee_statement: `
    id uuid not null,
    payee_id uuid not null,
    number text not null,
    month text not null,
    currency text not null,
    document json not null,
    due numeric(20, 4) not null,
    carried_out numeric(20, 4) not null,
    issued_at timestamptz not null,
    state text not null,
    paid_reference text,
    paid_by text,
    paid_at timestamptz,
    constraint payee_statement_pk primary key (tenant, id),
    constraint payee_statement_number unique (tenant, number),
    constraint payee_statement_month unique (tenant, payee_id, month)`,
};

/** Payees of locations, what was agreed with them, and their statements: what was stated never changes, it is paid at most. */
export class Payees1796752000000 implements MigrationInterface {
  readonly name = 'Payees1796752000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(TABLES)) {
      await queryRunner.query(`create table ${table} (tenant text not null, ${columns})`);
      await tenantTable(queryRunner, table);
    }
    await queryRunner.query('create index payee_due on payee (due_at)');
    await queryRunner.query('create index payee_term_payee on payee_term (tenant, payee_id, location_id)');
    await queryRunner.query('create index payee_statement_payee on payee_statement (tenant, payee_id, id)');
    await queryRunner.query(`create function keep_statement() returns trigger language plpgsql as
      $$ begin
        if tg_op = 'DELETE' or old.state = 'PAID'
          or (to_jsonb(new) - '{state,paid_reference,paid_by,paid_at}'::text[]) <> (to_jsonb(old) - '{state,paid_reference,paid_by,paid_at}'::text[])
        then raise exception 'payee_statement does not change'; end if;
        return new;
      end $$`);
    await queryRunner.query(`create trigger payee_statement_kept before update or delete on payee_statement for each row
      execute function keep_statement()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of Object.keys(TABLES).reverse()) await queryRunner.query(`drop table ${table}`);
    await queryRunner.query('drop function keep_statement');
  }
}
