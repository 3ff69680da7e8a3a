import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const LOCATION = `
  CREATE TABLE location (
    tenant text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    city text NOT NULL,
    postal_code text NOT NULL,
    country text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    time_zone text NOT NULL,
    published boolean NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    last_updated timestamptz NOT NULL,
    CONSTRAINT location_pk PRIMARY KEY (tenant, id),
    CONSTRAINT location_name_key UNIQUE (tenant, name)
  )`;

const STATION = `
  CREATE TABLE station (
    tenant text NOT NULL,
    id uuid NOT NULL,
    identity text NOT NULL,
    identity_key text NOT NULL,
    location_id uuid NOT NULL,
    name text NOT NULL,
    security_profile smallint NOT NULL,
    allow_missing_subprotocol boolean NOT NULL,
    online boolean NOT NULL DEFAULT false,
    connection_generation bigint NOT NULL DEFAULT 0,
    protocol text NOT NULL DEFAULT '',
    vendor text NOT NULL DEFAULT '',
    model text NOT NULL DEFAULT '',
    serial_number text NOT NULL DEFAULT '',
    firmware_version text NOT NULL DEFAULT '',
    reported_status text NOT NULL DEFAULT 'UNKNOWN',
    error_code text NOT NULL DEFAULT '',
    last_boot_at timestamptz,
    last_seen_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    last_updated timestamptz NOT NULL,
    CONSTRAINT station_pk PRIMARY KEY (tenant, id),
    CONSTRAINT station_identity_key UNIQUE (tenant, identity_key),
    CONSTRAINT station_location_fk FOREIGN KEY (tenant, location_id) REFERENCES location (tenant, id)
  ) WITH (fillfactor = 80)`;

const EVSE = `
  CREATE TABLE evse (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    number integer NOT NULL,
    last_updated timestamptz NOT NULL,
    CONSTRAINT evse_pk PRIMARY KEY (tenant, id),
    CONSTRAINT evse_number_key UNIQUE (tenant, station_id, number),
    CONSTRAINT evse_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  )`;

const CONNECTOR = `
  CREATE TABLE connector (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    evse_id uuid NOT NULL,
    evse_number integer NOT NULL,
    number integer NOT NULL,
    standard text NOT NULL,
    power_type text NOT NULL,
    max_current_a integer NOT NULL,
    max_voltage_v integer NOT NULL,
    reported text NOT NULL DEFAULT 'UNKNOWN',
    status text NOT NULL DEFAULT 'UNKNOWN',
    status_since timestamptz,
    shown_at timestamptz,
    session_ended boolean NOT NULL DEFAULT false,
    error_code text NOT NULL DEFAULT '',
    vendor_error_code text NOT NULL DEFAULT '',
    info text NOT NULL DEFAULT '',
    version integer NOT NULL,
    last_updated timestamptz NOT NULL,
    CONSTRAINT connector_pk PRIMARY KEY (tenant, id),
    CONSTRAINT connector_number_key UNIQUE (tenant, station_id, evse_number, number),
    CONSTRAINT connector_evse_fk FOREIGN KEY (tenant, evse_id) REFERENCES evse (tenant, id)
  ) WITH (fillfactor = 80)`;

// Changes of status by device time: a 1.6 session that starts late finds its story here.
const CONNECTOR_STATUS = `
  CREATE TABLE connector_status (
    tenant text NOT NULL,
    station_id uuid NOT NULL,
    evse_number integer NOT NULL,
    connector_number integer NOT NULL,
    at timestamptz NOT NULL,
    status text NOT NULL,
    error_code text NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT connector_status_pk
      PRIMARY KEY (tenant, station_id, evse_number, at, connector_number, status, error_code)
  )`;

const SESSION = `
  CREATE TABLE session (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    location_id uuid NOT NULL,
    connector_id uuid,
    evse_number integer NOT NULL,
    connector_number integer NOT NULL,
    protocol text NOT NULL,
    transaction_ref text NOT NULL,
    start_key text NOT NULL,
    charging_state text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    stop_reason text NOT NULL,
    end_inferred boolean NOT NULL,
    offline boolean NOT NULL,
    authorised boolean,
    token_hash text NOT NULL,
    token_id text NOT NULL,
    account_id text NOT NULL,
    payer jsonb,
    marks jsonb NOT NULL,
    seq_nos jsonb NOT NULL,
    seq_gaps integer NOT NULL,
    clock_offset_seconds integer NOT NULL,
    version integer NOT NULL,
    last_updated timestamptz NOT NULL,
    CONSTRAINT session_pk PRIMARY KEY (tenant, id),
    CONSTRAINT session_ref_key UNIQUE (tenant, station_id, transaction_ref),
    CONSTRAINT session_start_key UNIQUE (tenant, station_id, start_key),
    CONSTRAINT session_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  ) WITH (fillfactor = 80)`;

const ORPHAN = `
  CREATE TABLE orphan_message (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    transaction_ref text NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    message_key text NOT NULL,
    message jsonb NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    adopted_by uuid,
    CONSTRAINT orphan_message_pk PRIMARY KEY (tenant, id),
    CONSTRAINT orphan_message_key UNIQUE (tenant, station_id, message_key),
    CONSTRAINT orphan_message_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  )`;

const REMOTE_START = `
  CREATE TABLE remote_start (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    evse_number integer NOT NULL,
    connector_id uuid NOT NULL,
    remote_start_id integer NOT NULL,
    token_hash text NOT NULL,
    account_id text NOT NULL,
    quote_id text NOT NULL,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    consumed_by uuid,
    CONSTRAINT remote_start_pk PRIMARY KEY (tenant, id),
    CONSTRAINT remote_start_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  )`;

// 0 in evse_number and connector_number of a 2.0.1 report is a number; -1 = not said.
const STATION_VARIABLE = `
  CREATE TABLE station_variable (
    tenant text NOT NULL,
    station_id uuid NOT NULL,
    component text NOT NULL,
    component_instance text NOT NULL,
    evse_number integer NOT NULL,
    connector_number integer NOT NULL,
    variable text NOT NULL,
    variable_instance text NOT NULL,
    attribute_type text NOT NULL,
    value text NOT NULL,
    mutability text NOT NULL,
    reported_at timestamptz NOT NULL,
    CONSTRAINT station_variable_pk PRIMARY KEY (tenant, station_id, component, component_instance,
      evse_number, connector_number, variable, variable_instance, attribute_type)
  )`;

// Auth's tokens, as far as a start for somebody else's token needs them.
const TOKEN_HOLDER = `
  CREATE TABLE token_holder (
    tenant text NOT NULL,
    token_id text NOT NULL,
    account_id text NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT token_holder_pk PRIMARY KEY (tenant, token_id)
  )`;

const COMMAND_AUDIT = `
  CREATE TABLE command_audit (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    action text NOT NULL,
    arguments jsonb NOT NULL,
    requested_by text NOT NULL,
    role text NOT NULL,
    idempotency_key text NOT NULL,
    args_hash text NOT NULL,
    requested_at timestamptz NOT NULL,
    finished_at timestamptz,
    outcome text,
    answer jsonb,
    CONSTRAINT command_audit_pk PRIMARY KEY (tenant, id),
    CONSTRAINT command_audit_key UNIQUE (tenant, requested_by, action, idempotency_key)
  )`;

const INDEXES = [
  'CREATE INDEX location_created_idx ON location (tenant, created_at, id)',
  'CREATE INDEX station_location_idx ON station (tenant, location_id)',
  'CREATE INDEX connector_evse_idx ON connector (tenant, evse_id)',
  'CREATE INDEX session_started_idx ON session (tenant, started_at DESC, id DESC)',
  'CREATE INDEX session_account_idx ON session (tenant, account_id, started_at DESC, id DESC)',
  'CREATE INDEX session_location_idx ON session (tenant, location_id, started_at DESC, id DESC)',
  'CREATE INDEX session_evse_idx ON session (tenant, station_id, evse_number, started_at DESC)',
  'CREATE INDEX session_unended_idx ON session (tenant, station_id) WHERE ended_at IS NULL OR end_inferred',
  'CREATE INDEX session_active_idx ON session (tenant, started_at DESC, id DESC) WHERE ended_at IS NULL',
  'CREATE INDEX session_token_idx ON session (tenant, token_hash) WHERE ended_at IS NULL',
  `CREATE INDEX orphan_message_open_idx ON orphan_message (tenant, station_id, transaction_ref)
    WHERE adopted_by IS NULL`,
  `CREATE INDEX orphan_message_received_idx ON orphan_message (tenant, received_at DESC, id DESC)
    WHERE adopted_by IS NULL`,
  'CREATE INDEX remote_start_open_idx ON remote_start (tenant, station_id) WHERE consumed_by IS NULL',
];

const TABLES: readonly (readonly [name: string, sql: string])[] = [
  ['location', LOCATION],
  ['station', STATION],
  ['evse', EVSE],
  ['connector', CONNECTOR],
  ['connector_status', CONNECTOR_STATUS],
  ['session', SESSION],
  ['orphan_message', ORPHAN],
  ['remote_start', REMOTE_START],
  ['station_variable', STATION_VARIABLE],
  ['token_holder', TOKEN_HOLDER],
  ['command_audit', COMMAND_AUDIT],
];

export class StationsAndSessions1763700000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [name, sql] of TABLES) {
      await queryRunner.query(sql);
      await tenantTable(queryRunner, name);
    }
    for (const index of INDEXES) await queryRunner.query(index);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [name] of [...TABLES].reverse()) await queryRunner.query(`DROP TABLE ${name}`);
  }
}
