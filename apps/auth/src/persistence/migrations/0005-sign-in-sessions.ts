import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Sign-ins as people see them; those that are under way come from their refresh tokens. */
export class SignInSessions1765100005010 implements MigrationInterface {
  readonly name = 'SignInSessions1765100005010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table sign_in_session (
        tenant text not null,
        id uuid not null,
        account_id uuid not null,
        method text not null,
        address text,
        agent text,
        started_at timestamptz not null,
        last_used_at timestamptz not null,
        expires_at timestamptz not null,
        ended_at timestamptz,
        end_reason text not null default '',
        constraint sign_in_session_pk primary key (tenant, id)
      )`);
    await queryRunner.query(`
      insert into sign_in_session (tenant, id, account_id, method, started_at, last_used_at, expires_at, ended_at)
        select tenant, family_id, account_id, 'PASSWORD', coalesce(min(used_at), now()), coalesce(max(used_at), now()),
          max(expires_at), case when bool_and(revoked_at is not null) then max(revoked_at) end
        from refresh_token group by tenant, family_id, account_id`);
    await queryRunner.query(
      'create index sign_in_session_account on sign_in_session (tenant, account_id, id) where ended_at is null',
    );
    await queryRunner.query('create index refresh_token_expires on refresh_token (expires_at)');
    await queryRunner.query(
      'create index sign_in_session_over on sign_in_session (least(ended_at, expires_at))',
    );
    await queryRunner.query(`
      create table spent_ticket (
        tenant text not null,
        ticket_hash bytea not null,
        expires_at timestamptz not null,
        constraint spent_ticket_pk primary key (tenant, ticket_hash)
      )`);
    await queryRunner.query('create index spent_ticket_expires on spent_ticket (expires_at)');
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index refresh_token_expires');
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = ['spent_ticket', 'sign_in_session'];
