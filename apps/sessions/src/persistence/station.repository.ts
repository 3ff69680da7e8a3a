import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import type { StatusReport } from '../domain/connector.js';
import type { Registration } from '../domain/registration.js';
import { locationView, LOCATION_JSON, stationView, STATION_JSON } from './place-view.js';
import type { LocationView, StationJson, StationView } from './place-view.js';
import type { Json } from './session-row.js';

export interface Boot {
  readonly stationId: string;
  readonly generation: number;
  readonly protocol: string;
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly firmwareVersion: string;
  readonly at: Date;
}

export interface Connection {
  readonly stationId: string;
  readonly generation: number;
  readonly online: boolean;
  /** Empty when it is not known. */
  readonly protocol: string;
  readonly at: Date;
}

export interface ChangedStation {
  /** Something others want to know changed, not only the time it was seen. */
  readonly changed: boolean;
  readonly station: StationView;
  readonly location: LocationView;
}

interface ChangedRow {
  readonly changed: boolean;
  readonly station: StationJson;
  readonly location: Json<LocationView>;
}

/** Rows of one updated station with its tree; `WITH old, st AS (UPDATE ...)` in front. */
const CHANGED = `SELECT st.version <> old.version AS changed, ${STATION_JSON} AS station, ${LOCATION_JSON} AS location
  FROM st JOIN old USING (id) JOIN location l ON l.tenant = st.tenant AND l.id = st.location_id`;

const OLD = `old AS (SELECT * FROM station WHERE tenant = $1 AND id = $2 FOR UPDATE)`;

/** Writes to single stations, one statement each. */
@Injectable()
export class StationRepository {
  /** A boot of a newer connection says online too: its event may still be on the way. Undefined = unknown station. */
  async recordBoot(tx: Tx, tenant: string, boot: Boot): Promise<ChangedStation | undefined> {
    const rows = await tx.query<ChangedRow>(
      `WITH ${OLD}, new AS (
         SELECT id, (online OR $3::bigint > connection_generation) AS online,
           greatest(connection_generation, $3::bigint) AS generation FROM old),
       st AS (
         UPDATE station s SET online = new.online, connection_generation = new.generation, protocol = $4,
           vendor = $5, model = $6, serial_number = $7, firmware_version = $8, last_boot_at = $9, last_seen_at = $9,
           version = s.version + (c.changed)::int,
           last_updated = CASE WHEN c.changed THEN $9 ELSE s.last_updated END
         FROM old JOIN new USING (id) CROSS JOIN LATERAL (SELECT
           (old.online, old.protocol, old.vendor, old.model, old.serial_number, old.firmware_version)
           IS DISTINCT FROM (new.online, $4, $5, $6, $7, $8) AS changed) c
         WHERE s.tenant = $1 AND s.id = old.id
         RETURNING s.*)
       ${CHANGED}`,
      [
        tenant,
        boot.stationId,
        boot.generation,
        boot.protocol,
        boot.vendor,
        boot.model,
        boot.serialNumber,
        boot.firmwareVersion,
        boot.at,
      ],
    );
    return rows[0] && changedStation(rows[0]);
  }

  async lockRows(tx: Tx, tenant: string, stationIds: readonly string[]): Promise<void> {
    await tx.query(
      'SELECT 1 FROM station WHERE tenant = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE',
      [tenant, stationIds],
    );
  }

  /** The newest generation wins; only its own end takes a station offline. Undefined = unknown or an older connection. */
  async recordConnection(
    tx: Tx,
    tenant: string,
    connection: Connection,
  ): Promise<ChangedStation | undefined> {
    const rows = await tx.query<ChangedRow>(
      `WITH ${OLD}, st AS (
         UPDATE station s SET online = $4, connection_generation = $3::bigint, last_seen_at = $6,
           protocol = CASE WHEN $5 = '' THEN s.protocol ELSE $5 END,
           version = s.version + (s.online <> $4)::int,
           last_updated = CASE WHEN s.online <> $4 THEN $6 ELSE s.last_updated END
         FROM old WHERE s.tenant = $1 AND s.id = old.id
           AND (s.connection_generation < $3::bigint OR (s.connection_generation = $3::bigint AND NOT $4))
         RETURNING s.*)
       ${CHANGED}`,
      [
        tenant,
        connection.stationId,
        connection.generation,
        connection.online,
        connection.protocol,
        connection.at,
      ],
    );
    return rows[0] && changedStation(rows[0]);
  }

  /** Undefined = unknown station. */
  async saveRegistration(
    tx: Tx,
    tenant: string,
    stationId: string,
    registration: Registration,
    at: Date,
  ): Promise<ChangedStation | undefined> {
    const rows = await tx.query<ChangedRow>(
      `WITH ${OLD}, st AS (
         UPDATE station s SET registration = $3, version = s.version + (s.registration <> $3)::int,
           last_updated = CASE WHEN s.registration <> $3 THEN $4 ELSE s.last_updated END
         FROM old WHERE s.tenant = $1 AND s.id = old.id
         RETURNING s.*)
       ${CHANGED}`,
      [tenant, stationId, registration, at],
    );
    return rows[0] && changedStation(rows[0]);
  }

  /** Status of the station as a whole (connector 0). False when it is what we knew. */
  async saveReportedStatus(
    tx: Tx,
    tenant: string,
    stationId: string,
    report: StatusReport,
  ): Promise<boolean | undefined> {
    const rows = await tx.query<{ known: boolean; changed: boolean }>(
      `WITH changed AS (
         UPDATE station SET reported_status = $3, error_code = $4, last_seen_at = $5
         WHERE tenant = $1 AND id = $2 AND (reported_status, error_code) IS DISTINCT FROM ($3, $4) RETURNING 1)
       SELECT EXISTS (SELECT 1 FROM station WHERE tenant = $1 AND id = $2) AS known,
         EXISTS (SELECT 1 FROM changed) AS changed`,
      [tenant, stationId, report.reported, report.errorCode, report.at],
    );
    return rows[0]?.known ? rows[0].changed : undefined;
  }
}

function changedStation({ changed, station, location }: ChangedRow): ChangedStation {
  return { changed, station: stationView(station), location: locationView(location) };
}
