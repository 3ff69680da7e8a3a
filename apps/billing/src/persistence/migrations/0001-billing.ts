import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

const TABLES: Readonly<Record<string, string>> = {
  tariff: `
    id text not null,
    version int not null,
    revision int not null,
    changed_at timestamptz not null,
    constraint tariff_pk primary key (tenant, id)`,
  tariff_version: `
    tariff_id text not null,
    version int not null,
    name text not null,
    currency text not null,
    document json not null,
    fingerprint text not null,
    valid_from timestamptz not null,
    constraint tariff_version_pk primary key (tenant, tariff_id, version)`,
  // Which tariff was the default since when: the price of a session goes by its start.
  default_tariff: `
    position bigint generated always as identity,
    tariff_id text not null,
    valid_from timestamptz not null,
    constraint default_tariff_pk primary key (tenant, position)`,
  quote: `
    id uuid not null,
    account_id text not null,
    connector_id text not null,
    session_id uuid,
    tariff_id text not null,
    tariff_version int not null,
    tariff_name text not null,
    currency text not null,
    time_zone text not null,
    document json not null,
    hash text not null,
    quoted_at timestamptz not null,
    expires_at timestamptz not null,
    locked_at timestamptz,
    constraint quote_pk primary key (tenant, id)`,
  // What sessions and metering said, whichever came first.
  billed_session: `
    session_id uuid not null,
    sessions_version bigint not null,
    snapshot json,
    energy json,
    hold_reason text,
    held_at timestamptz,
    due_at timestamptz,
    constraint billed_session_pk primary key (tenant, session_id)`,
  live_register: `
    station_id uuid not null,
    transaction_ref text not null,
    bucket int not null,
    first_at timestamptz not null,
    first_mwh bigint not null,
    last_at timestamptz not null,
    last_mwh bigint not null,
    constraint live_register_pk primary key (tenant, station_id, transaction_ref, bucket)`,
  cdr: `
    id uuid not null,
    session_id uuid not null,
    account_id text not null,
    issued_at timestamptz not null,
    document json not null,
    course json not null,
    snapshot json not null,
    invoice_number text,
    constraint cdr_pk primary key (tenant, id),
    constraint cdr_session unique (tenant, session_id)`,
  invoice_counter: `
    series text not null,
    year int not null,
    last bigint not null,
    constraint invoice_counter_pk primary key (tenant, series, year)`,
  invoice: `
    id uuid not null,
    number text not null,
    account_id text not null,
    session_id uuid not null,
    cdr_id uuid not null,
    issued_at timestamptz not null,
    currency text not null,
    total_incl numeric(20, 4) not null,
    document json not null,
    status text not null,
    paid_at timestamptz,
    payment_method text,
    payment_reference text,
    constraint invoice_pk primary key (tenant, id),
    constraint invoice_number unique (tenant, number),
    constraint invoice_session unique (tenant, session_id)`,
  posting: `
    id uuid not null,
    reason text not null,
    reference text not null,
    posted_at timestamptz not null,
    constraint posting_pk primary key (tenant, id)`,
  ledger_entry: `
    posting_id uuid not null,
    line int not null,
    account text not null,
    amount numeric(20, 4) not null,
    currency text not null,
    constraint ledger_entry_pk primary key (tenant, posting_id, line)`,
  buyer: `
    account_id text not null,
    name text not null,
    version bigint not null,
    constraint buyer_pk primary key (tenant, account_id)`,
  connector_place: `
    connector_id text not null,
    location_id text not null,
    time_zone text not null,
    version bigint not null,
    constraint connector_place_pk primary key (tenant, connector_id)`,
  location_zone: `
    location_id text not null,
    time_zone text not null,
    version bigint not null,
    constraint location_zone_pk primary key (tenant, location_id)`,
};

/** Rows that are evidence: nothing may change or remove them, not even by mistake. */
const IMMUTABLE = ['tariff_version', 'cdr', 'posting', 'ledger_entry'];

export class Billing1763700000000 implements MigrationInterface {
  readonly name = 'Billing1763700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(TABLES)) {
      await queryRunner.query(`create table ${table} (tenant text not null, ${columns})`);
      await tenantTable(queryRunner, table);
    }
    await queryRunner.query(
      'create unique index quote_session on quote (tenant, session_id) where session_id is not null',
    );
    await queryRunner.query(
      'create index billed_session_due on billed_session (due_at) where due_at is not null',
    );
    await queryRunner.query(
      "create index billed_session_unpriced on billed_session (tenant) where hold_reason = 'no_tariff'",
    );
    await queryRunner.query('create index live_register_bucket on live_register (bucket)');
    await queryRunner.query('create index cdr_issued on cdr (tenant, issued_at, id)');
    await queryRunner.query('create index invoice_account on invoice (tenant, account_id, id)');
    await queryRunner.query(
      "create index invoice_open on invoice (tenant, account_id, currency, id) where status = 'OPEN'",
    );
    // One bank reference may come with several top-ups; everything else is posted once per business key.
    await queryRunner.query(
      "create unique index posting_reference on posting (tenant, reason, reference) where reason <> 'TOP_UP'",
    );
    await queryRunner.query(
      'create index ledger_entry_account on ledger_entry (tenant, account, currency) include (amount)',
    );
    await queryRunner.query(`create function refuse_change() returns trigger language plpgsql as
      $$ begin raise exception '% is append only', tg_table_name; end $$`);
    for (const table of IMMUTABLE) {
      await queryRunner.query(
        `create trigger ${table}_immutable before update or delete on ${table} execute function refuse_change()`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of Object.keys(TABLES).reverse()) await queryRunner.query(`drop table ${table}`);
    await queryRunner.query('drop function refuse_change');
  }
}
