import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * Signed readings apart from the others: they are proof, are kept for longer, and most stations send none. `meter_key`: what they are
 * verified with; a key is never changed or deleted, only ended. `signed_page`: which session showed a record first, so that no other is
 * billed by it again.
 */
export class SignedReadings1796200000000 implements MigrationInterface {
  readonly name = 'SignedReadings1796200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table signed_reading (
        tenant text not null,
        station_id uuid not null,
        transaction_ref text not null,
        evse_number int not null,
        measured_at timestamptz not null,
        hash bytea not null,
        received_at timestamptz not null,
        data text not null,
        encoding text not null,
        public_key text not null,
        constraint signed_reading_pk primary key
          (tenant, station_id, transaction_ref, evse_number, measured_at, hash)
      )`);
    await tenantTable(queryRunner, 'signed_reading');
    await queryRunner.query(`
      create table meter_key (
        tenant text not null,
        id uuid not null,
        station_id uuid not null,
        evse_number int not null,
        serial text not null,
        curve text not null,
        spki bytea not null,
        fingerprint text not null,
        note text not null,
        valid_from timestamptz not null,
        valid_until timestamptz,
        added_by text not null,
        added_at timestamptz not null,
        ended_by text,
        ended_at timestamptz,
        constraint meter_key_pk primary key (tenant, id),
        constraint meter_key_once unique (tenant, station_id, evse_number, serial, fingerprint, valid_from)
      )`);
    await tenantTable(queryRunner, 'meter_key');
    await queryRunner.query(`
      create table signed_page (
        tenant text not null,
        station_id uuid not null,
        page text not null,
        session_id uuid not null,
        constraint signed_page_pk primary key (tenant, station_id, page)
      )`);
    await tenantTable(queryRunner, 'signed_page');
    await queryRunner.query(
      'alter table metered_session add column signed_verdict text, add column signed_reasons text[]',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table metered_session drop column signed_verdict, drop column signed_reasons',
    );
    await queryRunner.query('drop table signed_page');
    await queryRunner.query('drop table meter_key');
    await queryRunner.query('drop table signed_reading');
  }
}
