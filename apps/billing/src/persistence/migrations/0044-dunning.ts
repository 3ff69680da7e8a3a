import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * dunning_case: one per invoice that became overdue; look_at: when it is looked at again, null: never by itself; days are dates of the
 * tenant's calendar. dunning_entry: what happened to it. dunning_settings: the latest version of a tenant counts. invoice_payment: what
 * was received for an invoice by transfer, and what it paid. All but the cases are added, never changed.
 */
const TABLES: Readonly<Record<string, string>> = {
  dunning_case: `
    id uuid not null,
    invoice_id uuid not null,
    number text not null,
    account_id text not null,
    currency text not null,
    state text not null,
    level int not null,
    blocks boolean not null,
    counted_from text not null,
    interest_to text not null,
    paused_on text,
    paused_until text,
    collected boolean not null,
    fees numeric(20, 4) not null,
    interest numeric(20, 4) not null,
    charges_paid numeric(20, 4) not null,
    charges_waived numeric(20, 4) not null,
    look_at timestamptz,
    opened_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null,
    constraint dunning_case_pk primary key (tenant, id),
    constraint dunning_case_invoice unique (tenant, invoice_id)`,
  dunning_entry: `
    case_id uuid not null,
    version int not null,
    at timestamptz not null,
    change text not null,
    state text not null,
    level int not null,
    owed numeric(20, 4) not null,
    fee numeric(20, 4) not null,
    interest numeric(20, 4) not null,
    amount numeric(20, 4) not null,
    by_account text,
    reason text not null,
    constraint dunning_entry_pk primary key (tenant, case_id, version)`,
  dunning_settings: `
    version int not null,
    document json not null,
    changed_by text not null,
    changed_at timestamptz not null,
    reason text not null,
    constraint dunning_settings_pk primary key (tenant, version)`,
  invoice_payment: `
    id uuid not null,
    invoice_id uuid not null,
    account_id text not null,
    currency text not null,
    amount numeric(20, 4) not null,
    to_invoice numeric(20, 4) not null,
    recovered numeric(20, 4) not null,
    to_charges numeric(20, 4) not null,
    to_wallet numeric(20, 4) not null,
    reference text not null,
    received_on text not null,
    recorded_by text not null,
    recorded_at timestamptz not null,
    constraint invoice_payment_pk primary key (tenant, id)`,
};

const INDEXES = [
  'create index dunning_case_look on dunning_case (look_at) where look_at is not null',
  'create index dunning_case_account on dunning_case (tenant, account_id, id)',
  'create index dunning_case_state on dunning_case (tenant, state, id)',
  'create index dunning_case_blocking on dunning_case (tenant, account_id) where blocks',
  'create index invoice_payment_invoice on invoice_payment (tenant, invoice_id, id)',
];

export class Dunning1796746000000 implements MigrationInterface {
  readonly name = 'Dunning1796746000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(TABLES)) {
      await queryRunner.query(`create table ${table} (tenant text not null, ${columns})`);
      await tenantTable(queryRunner, table);
      if (table === 'dunning_case') continue;
      await queryRunner.query(
        `create trigger ${table}_immutable before update or delete on ${table} execute function refuse_change()`,
      );
    }
    for (const index of INDEXES) await queryRunner.query(index);
    await queryRunner.query(`alter table invoice add column transfer_paid numeric(20, 4) not null default 0,
      add column written_off numeric(20, 4) not null default 0,
      add column in_dunning boolean not null default false`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table invoice drop column transfer_paid, drop column written_off, drop column in_dunning',
    );
    for (const table of Object.keys(TABLES).reverse()) await queryRunner.query(`drop table ${table}`);
  }
}
