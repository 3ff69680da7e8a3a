import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * Versions of tariffs that are published before they are valid. Versions are evidence and never change: what was withdrawn is said beside
 * them. `published_at` is null for those from before, which were valid from the moment they were published.
 */
export class PlannedTariffs1796740000000 implements MigrationInterface {
  readonly name = 'PlannedTariffs1796740000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table tariff_version add column published_at timestamptz,
      add column published_by text not null default '', add column note text not null default ''`);
    await queryRunner.query(
      'create index tariff_version_valid on tariff_version (tenant, tariff_id, valid_from, version)',
    );
    await queryRunner.query(`
      create table tariff_withdrawal (
        tenant text not null,
        tariff_id text not null,
        version int not null,
        withdrawn_at timestamptz not null,
        withdrawn_by text not null,
        constraint tariff_withdrawal_pk primary key (tenant, tariff_id, version)
      )`);
    await tenantTable(queryRunner, 'tariff_withdrawal');
    await queryRunner.query(`create trigger tariff_withdrawal_immutable before update or delete on tariff_withdrawal
      execute function refuse_change()`);
    await queryRunner.query(`
      create table tariff_turn (
        tenant text not null,
        tariff_id text not null,
        due_at timestamptz not null,
        constraint tariff_turn_pk primary key (tenant, tariff_id, due_at)
      )`);
    await tenantTable(queryRunner, 'tariff_turn');
    await queryRunner.query('create index tariff_turn_due on tariff_turn (due_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table tariff_turn');
    await queryRunner.query('drop table tariff_withdrawal');
    await queryRunner.query('drop index tariff_version_valid');
    await queryRunner.query(
      'alter table tariff_version drop column published_at, drop column published_by, drop column note',
    );
  }
}
