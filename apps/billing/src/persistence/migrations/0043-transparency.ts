import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** What the laws on prices ask of a place: its country and how strong its connectors are; empty and 0 until it is told of again. */
export class Transparency1796743000000 implements MigrationInterface {
  readonly name = 'Transparency1796743000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table connector_place add column max_power_w int not null default 0');
    await queryRunner.query(`alter table location_zone add column country text not null default ''`);
    await queryRunner.query(`
      create table tariff_policy (
        tenant text not null,
        refuses_violations boolean not null,
        changed_by text not null,
        changed_at timestamptz not null,
        constraint tariff_policy_pk primary key (tenant)
      )`);
    await tenantTable(queryRunner, 'tariff_policy');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table tariff_policy');
    await queryRunner.query('alter table location_zone drop column country');
    await queryRunner.query('alter table connector_place drop column max_power_w');
  }
}
