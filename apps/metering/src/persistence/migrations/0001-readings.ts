import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

export class Readings1763700000000 implements MigrationInterface {
  readonly name = 'Readings1763700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // One row per instant and context of a transaction. The primary key is the business key and the read path of a
    // session at once, so the cost of a reading and of a curve does not grow with history.
    await queryRunner.query(`
      create table reading (
        tenant text not null,
        station_id uuid not null,
        transaction_ref text not null,
        evse_number int not null,
        measured_at timestamptz not null,
        sample_hash bigint not null,
        context text not null,
        received_at timestamptz not null,
        connector_number int not null,
        seq_no int,
        offline boolean not null,
        energy_import_mwh bigint,
        energy_export_mwh bigint,
        power_w int,
        soc_percent real,
        current_ma int,
        voltage_mv int,
        offered_current_ma int,
        deviations text,
        samples json not null,
        constraint reading_pk primary key
          (tenant, station_id, transaction_ref, evse_number, measured_at, context, sample_hash)
      )`);
    await tenantTable(queryRunner, 'reading');
    await queryRunner.query(`
      create table metered_session (
        tenant text not null,
        session_id uuid not null,
        station_id uuid not null,
        evse_number int not null,
        transaction_ref text not null,
        account_id text not null,
        status text not null,
        started_at timestamptz not null,
        ended_at timestamptz,
        max_power_w int not null,
        sessions_version bigint not null,
        due_at timestamptz,
        closed_at timestamptz,
        energy_mwh bigint,
        verdict text,
        begin_register_mwh bigint,
        end_register_mwh bigint,
        deviations text[],
        constraint metered_session_pk primary key (tenant, session_id),
        constraint metered_session_transaction unique (tenant, station_id, transaction_ref)
      )`);
    await tenantTable(queryRunner, 'metered_session');
    await queryRunner.query(
      `create index metered_session_due on metered_session (due_at) where due_at is not null`,
    );
    await queryRunner.query(
      `create index metered_session_active on metered_session (tenant, session_id) where status = 'ACTIVE'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table metered_session');
    await queryRunner.query('drop table reading');
  }
}
