import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// number: what the station knows it by; 31 bits, never used twice on a station.
const RESERVATION = `
  CREATE TABLE reservation (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    connector_id uuid NOT NULL,
    evse_number integer NOT NULL,
    number integer NOT NULL,
    token_hash text NOT NULL,
    account_id text NOT NULL,
    status text NOT NULL,
    reason text NOT NULL DEFAULT '',
    session_id uuid,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    due_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT reservation_pk PRIMARY KEY (tenant, id),
    CONSTRAINT reservation_number_key UNIQUE (tenant, station_id, number),
    CONSTRAINT reservation_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  )`;

const WANTED_AVAILABILITY = `
  CREATE TABLE wanted_availability (
    tenant text NOT NULL,
    station_id uuid NOT NULL,
    evse_number integer NOT NULL,
    connector_number integer NOT NULL,
    operative boolean NOT NULL,
    confirmed boolean NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT wanted_availability_pk PRIMARY KEY (tenant, station_id, evse_number, connector_number),
    CONSTRAINT wanted_availability_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  )`;

const FIRMWARE_UPDATE = `
  CREATE TABLE firmware_update (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    kind text NOT NULL,
    request_id integer,
    location text NOT NULL,
    signed boolean NOT NULL,
    status text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    retrieve_at timestamptz,
    install_at timestamptz,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT firmware_update_pk PRIMARY KEY (tenant, id),
    CONSTRAINT firmware_update_request_key UNIQUE (tenant, station_id, kind, request_id),
    CONSTRAINT firmware_update_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  )`;

const LOG_REQUEST = `
  CREATE TABLE log_request (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    kind text NOT NULL,
    request_id integer NOT NULL,
    status text NOT NULL,
    detail text NOT NULL DEFAULT '',
    file_name text NOT NULL DEFAULT '',
    size_bytes bigint NOT NULL DEFAULT 0,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT log_request_pk PRIMARY KEY (tenant, id),
    CONSTRAINT log_request_key UNIQUE (tenant, station_id, request_id),
    CONSTRAINT log_request_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  )`;

// seen_in: the last GetDisplayMessages whose answer held it; null: we set it and have not asked since.
const DISPLAY_MESSAGE = `
  CREATE TABLE display_message (
    tenant text NOT NULL,
    station_id uuid NOT NULL,
    number integer NOT NULL,
    priority text NOT NULL,
    state text NOT NULL,
    format text NOT NULL,
    language text NOT NULL,
    content text NOT NULL,
    start_at timestamptz,
    end_at timestamptz,
    transaction_ref text NOT NULL,
    seen_in integer,
    updated_at timestamptz NOT NULL,
    CONSTRAINT display_message_pk PRIMARY KEY (tenant, station_id, number),
    CONSTRAINT display_message_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  )`;

const DISPLAY_REFRESH = `
  CREATE TABLE display_refresh (
    tenant text NOT NULL,
    station_id uuid NOT NULL,
    request_id integer NOT NULL,
    requested_at timestamptz NOT NULL,
    completed_at timestamptz,
    CONSTRAINT display_refresh_pk PRIMARY KEY (tenant, station_id)
  )`;

// customer: masked; the one asked about is known to whoever asked.
const CUSTOMER_INFORMATION = `
  CREATE TABLE customer_information (
    tenant text NOT NULL,
    id uuid NOT NULL,
    station_id uuid NOT NULL,
    request_id integer NOT NULL,
    customer text NOT NULL,
    report boolean NOT NULL,
    clear boolean NOT NULL,
    status text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    last_seq_no integer,
    CONSTRAINT customer_information_pk PRIMARY KEY (tenant, id),
    CONSTRAINT customer_information_key UNIQUE (tenant, station_id, request_id),
    CONSTRAINT customer_information_station_fk FOREIGN KEY (tenant, station_id) REFERENCES station (tenant, id)
  )`;

const CUSTOMER_INFORMATION_PAGE = `
  CREATE TABLE customer_information_page (
    tenant text NOT NULL,
    id uuid NOT NULL,
    seq_no integer NOT NULL,
    data text NOT NULL,
    CONSTRAINT customer_information_page_pk PRIMARY KEY (tenant, id, seq_no),
    CONSTRAINT customer_information_page_fk FOREIGN KEY (tenant, id) REFERENCES customer_information (tenant, id)
      ON DELETE CASCADE
  )`;

const TABLES: readonly (readonly [name: string, sql: string])[] = [
  ['reservation', RESERVATION],
  ['wanted_availability', WANTED_AVAILABILITY],
  ['firmware_update', FIRMWARE_UPDATE],
  ['log_request', LOG_REQUEST],
  ['display_message', DISPLAY_MESSAGE],
  ['display_refresh', DISPLAY_REFRESH],
  ['customer_information', CUSTOMER_INFORMATION],
  ['customer_information_page', CUSTOMER_INFORMATION_PAGE],
];

const INDEXES = [
  // One reservation at a time: the second of two requests at once is refused by this.
  `CREATE UNIQUE INDEX reservation_open_idx ON reservation (tenant, connector_id)
    WHERE status IN ('REQUESTED', 'ACTIVE')`,
  'CREATE INDEX reservation_due_idx ON reservation (due_at) WHERE due_at IS NOT NULL',
  'CREATE INDEX reservation_time_idx ON reservation (tenant, requested_at DESC, id DESC)',
  'CREATE INDEX reservation_account_idx ON reservation (tenant, account_id, requested_at DESC, id DESC)',
  'CREATE INDEX reservation_station_idx ON reservation (tenant, station_id, requested_at DESC, id DESC)',
  'CREATE INDEX wanted_availability_due_idx ON wanted_availability (due_at) WHERE due_at IS NOT NULL',
  'CREATE INDEX firmware_update_station_idx ON firmware_update (tenant, station_id, requested_at DESC, id DESC)',
  'CREATE INDEX log_request_station_idx ON log_request (tenant, station_id, requested_at DESC, id DESC)',
  `CREATE INDEX customer_information_station_idx
    ON customer_information (tenant, station_id, requested_at DESC, id DESC)`,
  'CREATE INDEX customer_information_age_idx ON customer_information (requested_at)',
  'CREATE INDEX log_request_age_idx ON log_request (requested_at)',
];

/** What stations are asked to do beside charging, and what became of it. */
export class StationOperations1764400000020 implements MigrationInterface {
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
