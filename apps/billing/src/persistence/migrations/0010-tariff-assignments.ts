import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Tariffs for tokens, drivers, stations and locations. `connector_place.station_id`: empty until the station is told of again. */
export class TariffAssignments1796650000000 implements MigrationInterface {
  readonly name = 'TariffAssignments1796650000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table tariff_assignment (
        tenant text not null,
        id uuid not null,
        tariff_id text not null,
        scope text not null,
        ref text not null,
        valid_from timestamptz not null,
        valid_until timestamptz,
        created_by text not null,
        created_at timestamptz not null,
        ended_by text,
        constraint tariff_assignment_pk primary key (tenant, id)
      )`);
    await tenantTable(queryRunner, 'tariff_assignment');
    await queryRunner.query(
      'create index tariff_assignment_of on tariff_assignment (tenant, scope, ref, valid_from)',
    );
    await queryRunner.query(`alter table connector_place add column station_id text not null default ''`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table connector_place drop column station_id');
    await queryRunner.query('drop table tariff_assignment');
  }
}
