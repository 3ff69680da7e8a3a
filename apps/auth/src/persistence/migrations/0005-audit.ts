import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Entries are added only: the service's role owns neither the table nor the trigger, so it cannot switch that off. */
export class Audit1765100005000 implements MigrationInterface {
  readonly name = 'Audit1765100005000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table audit_entry (
        tenant text not null,
        id uuid not null,
        occurred_at timestamptz not null,
        actor_kind text not null,
        actor_id text not null,
        address text,
        action text not null,
        target_kind text not null,
        target_id text not null,
        reason text not null,
        details jsonb not null,
        constraint audit_entry_pk primary key (tenant, id)
      )`);
    await queryRunner.query(
      'create index audit_entry_target on audit_entry (tenant, target_kind, target_id, id)',
    );
    await queryRunner.query('create index audit_entry_actor on audit_entry (tenant, actor_id, id)');
    await queryRunner.query(`
      create function audit_entry_is_kept() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit log is added to, never changed' using errcode = 'insufficient_privilege';
      end $$`);
    await queryRunner.query(`
      create trigger audit_entry_is_kept before update or delete or truncate on audit_entry
        for each statement execute function audit_entry_is_kept()`);
    await tenantTable(queryRunner, 'audit_entry');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table audit_entry');
    await queryRunner.query('drop function audit_entry_is_kept()');
  }
}
