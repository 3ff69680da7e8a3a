import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const PLACE = `component text NOT NULL,
      component_instance text NOT NULL,
      evse_number integer NOT NULL,
      connector_number integer NOT NULL,
      variable text NOT NULL,
      variable_instance text NOT NULL`;

// Names are compared without case (settingKey of @kilowatch/ocpp computes the same).
const SETTING_KEY = `lower(component || '|' || component_instance || '|' || evse_number::text || '|' ||
      connector_number::text || '|' || variable || '|' || variable_instance)`;

// Actual values get what reports say beside them; a 1.6 key is a variable without a component.
const STATION_VARIABLE = `ALTER TABLE station_variable
  ADD COLUMN data_type text NOT NULL DEFAULT '',
  ADD COLUMN unit text NOT NULL DEFAULT '',
  ADD COLUMN possible_values text NOT NULL DEFAULT '',
  ADD COLUMN known boolean NOT NULL DEFAULT true,
  ADD COLUMN setting_key text NOT NULL GENERATED ALWAYS AS (${SETTING_KEY}) STORED`;

const STATION = `ALTER TABLE station ADD COLUMN registration text NOT NULL DEFAULT 'ACCEPTED'`;

// sealed: the value of a secret, until the station has it.
const WANTED_SETTING = `CREATE TABLE wanted_setting (
      tenant text NOT NULL,
      station_id uuid NOT NULL,
      setting_key text NOT NULL,
      ${PLACE},
      value text NOT NULL,
      secret boolean NOT NULL,
      sealed bytea,
      source text NOT NULL,
      wanted_by text NOT NULL,
      wanted_at timestamptz NOT NULL,
      outcome text NOT NULL,
      status text NOT NULL,
      outcome_at timestamptz,
      firmware text NOT NULL,
      attempts integer NOT NULL,
      CONSTRAINT wanted_setting_pk PRIMARY KEY (tenant, station_id, setting_key)
    )`;

// One row per station: what to do next with it, and how often that was tried. lease tells one run from the next.
const STATION_PROVISION = `CREATE TABLE station_provision (
      tenant text NOT NULL,
      station_id uuid NOT NULL,
      due_at timestamptz,
      attempts integer NOT NULL,
      lease bigint NOT NULL,
      waiting boolean NOT NULL,
      trigger_boot boolean NOT NULL,
      read_firmware text,
      checked_at timestamptz,
      CONSTRAINT station_provision_pk PRIMARY KEY (tenant, station_id)
    )`;

const STATION_REPORT = `CREATE TABLE station_report (
      tenant text NOT NULL,
      station_id uuid NOT NULL,
      kind text NOT NULL,
      request_id integer NOT NULL,
      pages jsonb NOT NULL,
      last_page integer,
      first_at timestamptz NOT NULL,
      latest_at timestamptz NOT NULL,
      complete_at timestamptz,
      CONSTRAINT station_report_pk PRIMARY KEY (tenant, station_id, kind, request_id)
    )`;

const DEVICE_EVENT = `CREATE TABLE device_event (
      tenant text NOT NULL,
      id uuid NOT NULL,
      station_id uuid NOT NULL,
      event_id integer NOT NULL,
      ${PLACE},
      occurred_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL,
      trigger text NOT NULL,
      cause integer,
      actual_value text NOT NULL,
      tech_code text NOT NULL,
      tech_info text NOT NULL,
      cleared boolean NOT NULL,
      transaction_ref text NOT NULL,
      monitor_id integer,
      notification_type text NOT NULL,
      severity integer,
      CONSTRAINT device_event_pk PRIMARY KEY (tenant, id),
      CONSTRAINT device_event_key UNIQUE (tenant, station_id, occurred_at, event_id, component, component_instance,
        evse_number, connector_number, variable, variable_instance)
    )`;

const STATION_MONITOR = `CREATE TABLE station_monitor (
      tenant text NOT NULL,
      station_id uuid NOT NULL,
      monitor_id integer NOT NULL,
      ${PLACE},
      kind text NOT NULL,
      value text NOT NULL,
      severity integer NOT NULL,
      only_in_transaction boolean NOT NULL,
      notification_type text NOT NULL,
      reported_at timestamptz NOT NULL,
      CONSTRAINT station_monitor_pk PRIMARY KEY (tenant, station_id, monitor_id)
    )`;

const TABLES: readonly (readonly [name: string, sql: string])[] = [
  ['wanted_setting', WANTED_SETTING],
  ['station_provision', STATION_PROVISION],
  ['station_report', STATION_REPORT],
  ['device_event', DEVICE_EVENT],
  ['station_monitor', STATION_MONITOR],
];

const INDEXES = [
  'CREATE INDEX station_provision_due_idx ON station_provision (due_at) WHERE due_at IS NOT NULL',
  'CREATE INDEX station_variable_key_idx ON station_variable (tenant, station_id, setting_key)',
  'CREATE INDEX device_event_station_idx ON device_event (tenant, station_id, occurred_at DESC, id DESC)',
];

export class DeviceModel1764400000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(STATION_VARIABLE);
    await queryRunner.query(STATION);
    for (const [name, sql] of TABLES) {
      await queryRunner.query(sql);
      await tenantTable(queryRunner, name);
    }
    for (const index of INDEXES) await queryRunner.query(index);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [name] of [...TABLES].reverse()) await queryRunner.query(`DROP TABLE ${name}`);
    await queryRunner.query('ALTER TABLE station DROP COLUMN registration');
    await queryRunner.query(`ALTER TABLE station_variable DROP COLUMN setting_key, DROP COLUMN known,
      DROP COLUMN possible_values, DROP COLUMN unit, DROP COLUMN data_type`);
  }
}
