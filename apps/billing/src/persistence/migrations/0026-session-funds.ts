import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * session_fund: the money a session may use, until it is billed; amounts in the smallest unit of the currency, spend_limit null: none;
 * due_at: its station is to be asked to stop it. account_funds: what others are told of an account (account_id '': of any that has no
 * row), look_at: when its sessions are looked at again. fund_nudge: something happened to an account's money; rows are only added and
 * taken away, so that whoever moves money waits for nobody; looked at from `at` on.
 */
export class SessionFunds1796701000000 implements MigrationInterface {
  readonly name = 'SessionFunds1796701000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create table session_fund (tenant text not null,
      session_id uuid not null,
      account_id text not null,
      station_id text not null default '',
      kind text not null default '',
      currency text not null default '',
      state text not null default 'OPEN',
      spend_limit bigint,
      cost bigint not null default 0,
      card_limit bigint,
      stopped_at_left bigint,
      low_told boolean not null default false,
      used_up_at timestamptz,
      version int not null default 0,
      lease int not null default 0,
      due_at timestamptz,
      constraint session_fund_pk primary key (tenant, session_id))`);
    await tenantTable(queryRunner, 'session_fund');
    await queryRunner.query(
      `create index session_fund_account on session_fund (tenant, account_id) where state <> 'CLOSED'`,
    );
    await queryRunner.query(
      'create index session_fund_due on session_fund (due_at) where due_at is not null',
    );
    await queryRunner.query(
      'create index session_fund_station on session_fund (tenant, station_id) where due_at is not null',
    );
    await queryRunner.query(`create table account_funds (tenant text not null,
      account_id text not null,
      version int not null,
      kind text not null,
      currency text not null,
      available bigint,
      minimum_to_start bigint not null,
      blocked boolean not null,
      look_at timestamptz,
      constraint account_funds_pk primary key (tenant, account_id))`);
    await tenantTable(queryRunner, 'account_funds');
    await queryRunner.query(
      'create index account_funds_look on account_funds (look_at) where look_at is not null',
    );
    await queryRunner.query(`create table fund_nudge (tenant text not null,
      account_id text not null,
      id bigint generated always as identity,
      at timestamptz not null default now(),
      constraint fund_nudge_pk primary key (tenant, account_id, id))`);
    await tenantTable(queryRunner, 'fund_nudge');
    await queryRunner.query('create index fund_nudge_at on fund_nudge (at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table fund_nudge');
    await queryRunner.query('drop table account_funds');
    await queryRunner.query('drop table session_fund');
  }
}
