import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

const TABLES: Readonly<Record<string, string>> = {
  // Who pays by card whatever else is agreed (payment_terms), and what the provider calls them.
  payer: `
    account_id text not null,
    prefers_card boolean not null,
    customer_ref text,
    constraint payer_pk primary key (tenant, account_id),
    constraint payer_customer unique (customer_ref)`,
  card: `
    id uuid not null,
    account_id text not null,
    provider_ref text not null,
    brand text not null,
    last4 text not null,
    expires_month int not null,
    expires_year int not null,
    is_default boolean not null,
    added_at timestamptz not null,
    removed_at timestamptz,
    constraint card_pk primary key (tenant, id),
    constraint card_provider_ref unique (tenant, provider_ref)`,
  // Cards that drivers began to save: asked about until they are there, should the webhook not come.
  card_setup: `
    id uuid not null,
    account_id text not null,
    provider_ref text not null,
    state text not null,
    attempts int not null,
    created_at timestamptz not null,
    due_at timestamptz,
    constraint card_setup_pk primary key (tenant, id)`,
  payment: `
    id uuid not null,
    account_id text not null,
    purpose text not null,
    session_id uuid,
    invoice_id uuid,
    card_id uuid not null,
    currency text not null,
    amount numeric(20, 4) not null,
    goal numeric(20, 4),
    state text not null,
    captured numeric(20, 4) not null,
    refunded numeric(20, 4) not null,
    closed boolean not null,
    booked numeric(20, 4) not null,
    fee numeric(20, 4),
    operation text,
    round int not null,
    asked_at timestamptz,
    attempts int not null,
    due_at timestamptz,
    provider_ref text,
    authorised_until timestamptz,
    failure_code text,
    attended boolean not null,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payment_pk primary key (tenant, id)`,
  payment_refund: `
    id uuid not null,
    payment_id uuid not null,
    account_id text not null,
    currency text not null,
    amount numeric(20, 4) not null,
    state text not null,
    reason text not null,
    requested_by text,
    provider_ref text,
    failure_code text,
    asked_at timestamptz,
    attempts int not null,
    due_at timestamptz,
    created_at timestamptz not null,
    constraint payment_refund_pk primary key (tenant, id)`,
  webhook_inbox: `
    event_id text not null,
    type text not null,
    outcome text not null,
    received_at timestamptz not null,
    constraint webhook_inbox_pk primary key (tenant, event_id)`,
};

const INDEXES = [
  'create index card_account on card (tenant, account_id) where removed_at is null',
  'create unique index card_default on card (tenant, account_id) where is_default and removed_at is null',
  'create index card_setup_due on card_setup (due_at) where due_at is not null',
  'create index payment_due on payment (due_at) where due_at is not null',
  'create index payment_account on payment (tenant, account_id, id)',
  'create index payment_session_id on payment (tenant, session_id, id) where session_id is not null',
  // One authorisation per session.
  "create unique index payment_session on payment (tenant, session_id) where purpose = 'SESSION'",
  'create unique index payment_provider_ref on payment (tenant, provider_ref) where provider_ref is not null',
  // Never two payments of one invoice at a time.
  `create unique index payment_invoice_live on payment (tenant, invoice_id)
    where purpose = 'INVOICE' and state in ('PENDING', 'UNKNOWN', 'REQUIRES_ACTION', 'AUTHORISED')`,
  'create index payment_refund_due on payment_refund (due_at) where due_at is not null',
  'create index payment_refund_payment on payment_refund (tenant, payment_id)',
  'create index webhook_inbox_received on webhook_inbox (received_at)',
];

export class CardPayments1796745000000 implements MigrationInterface {
  readonly name = 'CardPayments1796745000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(TABLES)) {
      await queryRunner.query(`create table ${table} (tenant text not null, ${columns})`);
      await tenantTable(queryRunner, table);
    }
    for (const index of INDEXES) await queryRunner.query(index);
    // What cards paid of an invoice so far: the rest is what is owed of it while it is OPEN.
    await queryRunner.query('alter table invoice add column card_paid numeric(20, 4) not null default 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table invoice drop column card_paid');
    for (const table of Object.keys(TABLES).reverse()) await queryRunner.query(`drop table ${table}`);
  }
}
