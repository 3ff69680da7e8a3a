import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

const TABLES: Readonly<Record<string, string>> = {
  // Tariffs whose versions are made from something else: a curve, or another tariff. `due_at`: something they are made from changed.
  tariff_source: `
    tariff_id text not null,
    kind text not null,
    name text not null,
    settings json not null,
    currency text,
    definition json,
    idle_grace_minutes int,
    time_zone text,
    curve_source text,
    curve_area text,
    fallback_tariff_id text,
    base_tariff_id text,
    plan text,
    due_at timestamptz,
    failure text,
    made_at timestamptz,
    created_by text not null,
    created_at timestamptz not null,
    constraint tariff_source_pk primary key (tenant, tariff_id)`,
  subscription: `
    id uuid not null,
    account_id text not null,
    plan text not null,
    valid_from timestamptz not null,
    valid_until timestamptz,
    created_by text not null,
    created_at timestamptz not null,
    ended_by text,
    constraint subscription_pk primary key (tenant, id)`,
  tariff_group: `
    id uuid not null,
    name text not null,
    created_by text not null,
    created_at timestamptz not null,
    constraint tariff_group_pk primary key (tenant, id),
    constraint tariff_group_name unique (tenant, name)`,
  tariff_group_member: `
    group_id uuid not null,
    kind text not null,
    ref text not null,
    added_by text not null,
    added_at timestamptz not null,
    constraint tariff_group_member_pk primary key (tenant, group_id, kind, ref)`,
};

export class TariffSources1796742000000 implements MigrationInterface {
  readonly name = 'TariffSources1796742000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(TABLES)) {
      await queryRunner.query(`create table ${table} (tenant text not null, ${columns})`);
      await tenantTable(queryRunner, table);
    }
    await queryRunner.query(
      'create index tariff_source_due on tariff_source (due_at) where due_at is not null',
    );
    await queryRunner.query(
      'create index tariff_source_curve on tariff_source (tenant, curve_source, curve_area)',
    );
    await queryRunner.query(
      'create index tariff_source_fallback on tariff_source (tenant, fallback_tariff_id)',
    );
    await queryRunner.query(
      'create unique index tariff_source_plan on tariff_source (tenant, base_tariff_id, plan) where plan is not null',
    );
    await queryRunner.query(
      'create index subscription_account on subscription (tenant, account_id, valid_from)',
    );
    await queryRunner.query('create index tariff_group_member_of on tariff_group_member (tenant, kind, ref)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of Object.keys(TABLES).reverse()) await queryRunner.query(`drop table ${table}`);
  }
}
