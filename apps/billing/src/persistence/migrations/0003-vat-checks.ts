import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** VAT numbers that drivers typed at stations, and what is known of them. */
export class VatChecks1764950000000 implements MigrationInterface {
  readonly name = 'VatChecks1764950000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create table vat_check (
      tenant text not null,
      id uuid not null,
      station_id uuid not null,
      evse_number integer not null,
      vat_number text not null,
      accepted boolean not null,
      reason_code text not null,
      company jsonb,
      register text not null,
      register_asked_at timestamptz,
      asked_at timestamptz not null,
      constraint vat_check_pk primary key (tenant, id),
      constraint vat_check_key unique (tenant, station_id, evse_number, vat_number))`);
    await tenantTable(queryRunner, 'vat_check');
    await queryRunner.query('create index vat_check_number on vat_check (tenant, vat_number)');
    await queryRunner.query('create index vat_check_time on vat_check (tenant, asked_at desc, id desc)');
    await queryRunner.query('create index vat_check_age on vat_check (asked_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table vat_check');
  }
}
