import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * `chargeback`: payments that cardholders have their bank take back. `withdrawn`, `fee` and `claim` are in the ledger; `read_at`: when what is
 * kept was asked for, so that an answer that was overtaken changes nothing. `invoice.reopened`: how often it was paid and is owed again.
 */
export class Chargebacks1796770000000 implements MigrationInterface {
  readonly name = 'Chargebacks1796770000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create table chargeback (tenant text not null,
      id uuid not null,
      ref text not null,
      payment_id uuid not null,
      account_id text not null,
      session_id uuid,
      invoice_id uuid,
      currency text not null,
      amount numeric(20, 4) not null,
      reason text not null,
      state text not null,
      evidence_due_at timestamptz,
      evidence_sent boolean not null,
      withdrawn numeric(20, 4) not null,
      fee numeric(20, 4) not null,
      claim numeric(20, 4) not null,
      read_at timestamptz not null,
      look_at timestamptz,
      reminded_at timestamptz,
      opened_at timestamptz not null,
      closed_at timestamptz,
      updated_at timestamptz not null,
      version int not null,
      constraint chargeback_pk primary key (tenant, id),
      constraint chargeback_ref unique (tenant, ref))`);
    await tenantTable(queryRunner, 'chargeback');
    await queryRunner.query('create index chargeback_look on chargeback (look_at) where look_at is not null');
    await queryRunner.query('create index chargeback_state on chargeback (tenant, state, id)');
    await queryRunner.query('create index chargeback_payment on chargeback (tenant, payment_id)');
    await queryRunner.query(
      'create index chargeback_session on chargeback (tenant, session_id) where session_id is not null',
    );
    await queryRunner.query(
      'create index chargeback_invoice on chargeback (tenant, invoice_id) where invoice_id is not null',
    );
    await queryRunner.query(
      'create index chargeback_claim on chargeback (tenant, account_id, id) where claim > 0',
    );
    await queryRunner.query('alter table invoice add column reopened int not null default 0');
    await queryRunner.query(
      'alter table provider_payout add column chargebacks numeric(20, 4) not null default 0',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table provider_payout drop column chargebacks');
    await queryRunner.query('alter table invoice drop column reopened');
    await queryRunner.query('drop table chargeback');
  }
}
