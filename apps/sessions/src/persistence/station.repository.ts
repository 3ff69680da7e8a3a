import { Injectable } from '@nestjs/common';
import { gathered, pgArray, type Tx } from '@kilowatch/platform';
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
  /** As it is now, when something others want to know changed, not only the time it was seen. */
  readonly news: { readonly station: StationView; readonly location: LocationView } | undefined;
  readonly registration: Registration;
  readonly lastBootAt: Date | undefined;
}

interface ChangedRow {
  readonly id: string;
  readonly registration: Registration;
  readonly last_boot_at: Date | null;
  readonly station: StationJson | null;
  readonly location: Json<LocationView> | null;
}

export interface RegisteredStation {
  readonly changed: boolean;
  readonly station: StationView;
  readonly location: LocationView;
}

const FROM_CHANGED =
  'FROM st JOIN old USING (id) JOIN location l ON l.tenant = st.tenant AND l.id = st.location_id';

/** Rows of updated stations, with the tree of those that changed; `WITH old, st AS (UPDATE ...)` in front. */
const CHANGED = `SELECT st.id, st.registration, st.last_boot_at,
    CASE WHEN st.version <> old.version THEN ${STATION_JSON} END AS station,
    CASE WHEN st.version <> old.version THEN ${LOCATION_JSON} END AS location ${FROM_CHANGED}`;

const OLD = `old AS (SELECT * FROM station WHERE tenant = $1 AND id = $2 FOR UPDATE)`;

/** Writes to single stations, one statement each. */
@Injectable()
export class StationRepository {
  /** A boot of a newer connection says online too: its event may still be on the way. Undefined = unknown station. */
  recordBoot(tx: Tx, tenant: string, boot: Boot): Promise<ChangedStation | undefined> {
    return recordBoots(tx, tenant, boot);
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
  ): Promise<RegisteredStation | undefined> {
    const [row] = await tx.query<{ changed: boolean; station: StationJson; location: Json<LocationView> }>(
      `WITH ${OLD}, st AS (
         UPDATE station s SET registration = $3, version = s.version + (s.registration <> $3)::int,
           last_updated = CASE WHEN s.registration <> $3 THEN $4 ELSE s.last_updated END
         FROM old WHERE s.tenant = $1 AND s.id = old.id
         RETURNING s.*)
       SELECT st.version <> old.version AS changed, ${STATION_JSON} AS station, ${LOCATION_JSON} AS location ${FROM_CHANGED}`,
      [tenant, stationId, registration, at],
    );
    return (
      row && { changed: row.changed, station: stationView(row.station), location: locationView(row.location) }
    );
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

function changedStation(row: ChangedRow): ChangedStation {
  const { station, location } = row;
  return {
    news:
      station && location ? { station: stationView(station), location: locationView(location) } : undefined,
    registration: row.registration,
    lastBootAt: row.last_boot_at ?? undefined,
  };
}

/** What a boot says of the station. One of a connection that was replaced meanwhile (the call was repeated) says nothing of it any more. */
const OF_BOOT = ['protocol', 'vendor', 'model', 'serial_number', 'firmware_version', 'last_boot_at']
  .map(
    (column) =>
      `CASE WHEN boot.generation >= old.connection_generation THEN boot.${column} ELSE old.${column} END AS ${column}`,
  )
  .join(', ');

const recordBoots = gathered<Boot, ChangedStation>(
  ({ stationId }) => stationId,
  async (tx, tenant, boots) => {
    const rows = await tx.query<ChangedRow>(
      `WITH boot AS (SELECT * FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
           $9::timestamptz[]) AS b (id, generation, protocol, vendor, model, serial_number, firmware_version, last_boot_at)),
       old AS (SELECT s.* FROM station s WHERE s.tenant = $1 AND s.id = ANY ($2::uuid[]) ORDER BY s.id FOR UPDATE),
       new AS (
         SELECT boot.id, boot.last_boot_at AS heard_at, ${OF_BOOT}, (old.online OR boot.generation > old.connection_generation) AS online,
           greatest(old.connection_generation, boot.generation) AS last_generation FROM old JOIN boot USING (id)),
       st AS (
         UPDATE station s SET online = new.online, connection_generation = new.last_generation, protocol = new.protocol,
           vendor = new.vendor, model = new.model, serial_number = new.serial_number,
           firmware_version = new.firmware_version, last_boot_at = new.last_boot_at,
           last_seen_at = greatest(old.last_seen_at, new.heard_at),
           version = s.version + (c.changed)::int,
           last_updated = CASE WHEN c.changed THEN new.heard_at ELSE s.last_updated END
         FROM old JOIN new USING (id) CROSS JOIN LATERAL (SELECT
           (old.online, old.protocol, old.vendor, old.model, old.serial_number, old.firmware_version)
           IS DISTINCT FROM (new.online, new.protocol, new.vendor, new.model, new.serial_number, new.firmware_version)
           AS changed) c
         WHERE s.tenant = $1 AND s.id = old.id
         RETURNING s.*)
       ${CHANGED}`,
      [
        tenant,
        pgArray.uuid(boots.map(({ stationId }) => stationId)),
        pgArray.int8(boots.map(({ generation }) => generation)),
        pgArray.text(boots.map(({ protocol }) => protocol)),
        pgArray.text(boots.map(({ vendor }) => vendor)),
        pgArray.text(boots.map(({ model }) => model)),
        pgArray.text(boots.map(({ serialNumber }) => serialNumber)),
        pgArray.text(boots.map(({ firmwareVersion }) => firmwareVersion)),
        pgArray.timestamptz(boots.map(({ at }) => at)),
      ],
    );
    return new Map(rows.map((row) => [row.id, changedStation(row)]));
  },
);
