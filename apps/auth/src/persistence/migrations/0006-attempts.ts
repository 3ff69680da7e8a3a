import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * The attempt monitor. `attempt_history`: what is kept of one rule and key (domain/attempts/attempt-history.ts), a few hundred signs at
 * most. `attempt_session`: sessions of which one half is known, that they were not allowed or how much energy they took.
 */
export class Attempts1765100006000 implements MigrationInterface {
  readonly name = 'Attempts1765100006000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table attempt_history (
        tenant text not null,
        rule text not null,
        key text not null,
        history jsonb not null,
        kept_until timestamptz not null,
        constraint attempt_history_pk primary key (tenant, rule, key)
      )`);
    await queryRunner.query('create index attempt_history_kept on attempt_history (kept_until)');
    await queryRunner.query(`
      create table attempt_incident (
        tenant text not null,
        id uuid not null,
        rule text not null,
        key text not null,
        severity text not null,
        status text not null,
        first_seen timestamptz not null,
        last_seen timestamptz not null,
        count bigint not null,
        evidence jsonb not null,
        station_ids uuid[] not null,
        due_at timestamptz not null,
        closed_at timestamptz,
        close_reason text,
        closed_by text not null,
        close_note text not null,
        version bigint not null,
        constraint attempt_incident_pk primary key (tenant, id)
      )`);
    await queryRunner.query(
      `create unique index attempt_incident_open on attempt_incident (tenant, rule, key) where status = 'OPEN'`,
    );
    await queryRunner.query(
      'create index attempt_incident_key on attempt_incident (tenant, rule, key, last_seen)',
    );
    await queryRunner.query(
      `create index attempt_incident_due on attempt_incident (due_at) where status = 'OPEN'`,
    );
    await queryRunner.query(`
      create table attempt_policy (
        tenant text not null,
        policy jsonb not null,
        version bigint not null,
        changed_at timestamptz not null,
        constraint attempt_policy_pk primary key (tenant)
      )`);
    await queryRunner.query(`
      create table token_watch (
        tenant text not null,
        token_hash text not null,
        token_id uuid,
        incident_id uuid not null,
        since timestamptz not null,
        until timestamptz not null,
        constraint token_watch_pk primary key (tenant, token_hash)
      )`);
    await queryRunner.query('create index token_watch_token on token_watch (tenant, token_id)');
    await queryRunner.query(`
      create table attempt_session (
        tenant text not null,
        session_id uuid not null,
        station_id uuid,
        token_id uuid,
        token_masked text,
        started_at timestamptz,
        energy_mwh bigint,
        noted_at timestamptz not null,
        constraint attempt_session_pk primary key (tenant, session_id)
      )`);
    await queryRunner.query('create index attempt_session_noted on attempt_session (noted_at)');
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = ['attempt_session', 'token_watch', 'attempt_policy', 'attempt_incident', 'attempt_history'];
