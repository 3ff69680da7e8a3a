import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// Each stream writes tables of its own (readings: detector_state; sessions: watched_session, connector_state, session_share;
// load management: session_limit; metering: session_energy), so consumers of different streams never wait for each other.
const TABLES: Readonly<Record<string, string>> = {
  detector_state: `
    station_id uuid not null,
    transaction_ref text not null,
    state jsonb not null,
    constraint detector_state_pk primary key (tenant, station_id, transaction_ref)`,
  watched_session: `
    session_id uuid not null,
    station_id uuid not null,
    transaction_ref text not null,
    evse_number int not null,
    account_id text not null,
    station_identity text not null,
    active boolean not null,
    clock_offset_ms bigint not null,
    facts jsonb not null,
    version bigint not null,
    constraint watched_session_pk primary key (tenant, session_id),
    constraint watched_session_transaction unique (tenant, station_id, transaction_ref)`,
  connector_state: `
    station_id uuid not null,
    evse_number int not null,
    connector_number int not null,
    faulted_at timestamptz,
    version bigint not null,
    constraint connector_state_pk primary key (tenant, station_id, evse_number, connector_number)`,
  session_limit: `
    session_id uuid not null,
    limit_ma int not null,
    version bigint not null,
    constraint session_limit_pk primary key (tenant, session_id)`,
  session_share: `
    session_id uuid not null,
    station_id uuid not null,
    day date not null,
    charging_ms bigint not null,
    idle_ms bigint not null,
    version bigint not null,
    constraint session_share_pk primary key (tenant, session_id)`,
  session_energy: `
    session_id uuid not null,
    energy_mwh bigint not null,
    measured boolean not null,
    version bigint not null,
    constraint session_energy_pk primary key (tenant, session_id)`,
  pending_judgement: `
    id bigint generated always as identity,
    session_id uuid not null,
    due_at timestamptz not null,
    constraint pending_judgement_pk primary key (id)`,
  anomaly: `
    id uuid not null,
    kind text not null,
    cause text not null,
    session_id uuid not null,
    station_id uuid not null,
    evse_number int not null,
    onset timestamptz not null,
    detected_at timestamptz not null,
    resolved_at timestamptz,
    confidence real not null,
    evidence jsonb not null,
    occurrences int not null,
    version bigint not null,
    constraint anomaly_pk primary key (tenant, id),
    constraint anomaly_once unique (tenant, session_id, kind)`,
};

export class Watches1763700000000 implements MigrationInterface {
  readonly name = 'Watches1763700000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(TABLES)) {
      await queryRunner.query(`create table ${table} (tenant text not null, ${columns})`);
      await tenantTable(queryRunner, table);
    }
    // Rewritten with every batch of readings: room for the new version on the same page.
    await queryRunner.query('alter table detector_state set (fillfactor = 60)');
    await queryRunner.query(
      'create index watched_session_evse on watched_session (tenant, station_id, evse_number) where active',
    );
    await queryRunner.query('create index session_share_day on session_share (tenant, day, station_id)');
    await queryRunner.query('create index anomaly_latest on anomaly (tenant, detected_at, id)');
    await queryRunner.query(
      'create index anomaly_open on anomaly (tenant, station_id, evse_number) where resolved_at is null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of Object.keys(TABLES)) await queryRunner.query(`drop table ${table}`);
  }
}
