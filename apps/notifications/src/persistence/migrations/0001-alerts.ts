import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

export class Alerts1763700000000 implements MigrationInterface {
  readonly name = 'Alerts1763700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table account (
        tenant text not null,
        account_id text not null,
        email text not null,
        display_name text not null,
        role text not null,
        locale text not null,
        active boolean not null,
        version bigint not null,
        constraint account_pk primary key (tenant, account_id)
      )`);
    await queryRunner.query(`
      create index account_operators on account (tenant) where active and role in ('operator', 'admin')`);
    await queryRunner.query(`
      create table known_session (
        tenant text not null,
        session_id uuid not null,
        account_id text not null,
        station_id uuid not null,
        station_identity text not null,
        location_name text not null,
        time_zone text not null,
        ended boolean not null,
        version bigint not null,
        constraint known_session_pk primary key (tenant, session_id)
      )`);
    await queryRunner.query(`
      create table connector_fault (
        tenant text not null,
        connector_id uuid not null,
        faulted boolean not null,
        version bigint not null,
        constraint connector_fault_pk primary key (tenant, connector_id)
      )`);
    await queryRunner.query(`
      create table preference (
        tenant text not null,
        account_id text not null,
        kind text not null,
        channel text not null,
        enabled boolean not null,
        constraint preference_pk primary key (tenant, account_id, kind, channel)
      )`);
    await queryRunner.query(`
      create table alert (
        tenant text not null,
        id uuid not null,
        recipient text not null,
        dedupe_key text not null,
        kind text not null,
        severity text not null,
        session_id uuid,
        station_id uuid,
        facts jsonb not null,
        raised_at timestamptz not null,
        constraint alert_pk primary key (tenant, id),
        constraint alert_once unique (tenant, recipient, dedupe_key)
      )`);
    await queryRunner.query('create index alert_inbox on alert (tenant, recipient, id desc)');
    await queryRunner.query(
      'create index alert_by_session on alert (tenant, session_id) where session_id is not null',
    );
    await queryRunner.query(`
      create table alert_read (
        tenant text not null,
        alert_id uuid not null,
        account_id text not null,
        read_at timestamptz not null,
        constraint alert_read_pk primary key (tenant, alert_id, account_id),
        constraint alert_read_alert foreign key (tenant, alert_id) references alert (tenant, id)
      )`);
    await queryRunner.query(`
      create table delivery (
        tenant text not null,
        id uuid not null,
        alert_id uuid not null,
        recipient text not null,
        channel text not null,
        state text not null,
        attempts int not null,
        due_at timestamptz,
        sent_at timestamptz,
        last_error text,
        constraint delivery_pk primary key (tenant, id),
        constraint delivery_once unique (tenant, alert_id, recipient, channel),
        constraint delivery_alert foreign key (tenant, alert_id) references alert (tenant, id)
      )`);
    await queryRunner.query('create index delivery_due on delivery (due_at) where due_at is not null');
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = [
  'account',
  'known_session',
  'connector_fault',
  'preference',
  'alert',
  'alert_read',
  'delivery',
];
