import { Injectable } from '@nestjs/common';
import { isUuid } from '@kilowatch/kernel';
import { escapeLike, type SortKey, type Tx } from '@kilowatch/platform';
import {
  CONNECTOR_JSON,
  connectorView,
  LOCATION_JSON,
  locationView,
  STATION_JSON,
  stationView,
  type ConnectorView,
  type LocationView,
  type StationJson,
  type StationView,
} from './place-view.js';
import type { Json } from './session-row.js';

/** Whose eyes: drivers see published locations only. */
export interface PlaceScope {
  readonly tenant: string;
  readonly publishedOnly: boolean;
}

export interface StationFilter {
  readonly locationId?: string | null;
  readonly online?: boolean | null;
  readonly status?: string | null;
  readonly search?: string | null;
}

interface Page {
  readonly limit: number;
  readonly after: SortKey | undefined;
}

const STATIONS = `FROM station st JOIN location l ON l.tenant = st.tenant AND l.id = st.location_id
  WHERE st.tenant = $1 AND (l.published OR NOT $2)`;
const LOCATIONS = `FROM location l WHERE l.tenant = $1 AND (l.published OR NOT $2)`;
const FILTERED = `${STATIONS}
  AND ($3::uuid IS NULL OR st.location_id = $3::uuid)
  AND ($4::boolean IS NULL OR st.online = $4::boolean)
  AND ($5::text IS NULL OR EXISTS (SELECT 1 FROM connector c WHERE c.tenant = st.tenant AND c.station_id = st.id
    AND c.status = $5::text))
  AND ($6::text IS NULL OR st.identity ILIKE $6::text OR st.name ILIKE $6::text)`;

/** Reading locations, stations and connectors. Ids that are none of ours find nothing. */
@Injectable()
export class PlaceRepository {
  async stations(tx: Tx, scope: PlaceScope, ids: readonly string[]): Promise<StationView[]> {
    const rows = await tx.query<{ station: StationJson }>(
      `SELECT ${STATION_JSON} AS station ${STATIONS} AND st.id = ANY ($3::uuid[])`,
      [scope.tenant, scope.publishedOnly, ids.filter(isUuid)],
    );
    return rows.map((row) => stationView(row.station));
  }

  async stationsOfLocations(
    tx: Tx,
    scope: PlaceScope,
    locationIds: readonly string[],
  ): Promise<StationView[]> {
    const rows = await tx.query<{ station: StationJson }>(
      `SELECT ${STATION_JSON} AS station ${STATIONS} AND st.location_id = ANY ($3::uuid[]) ORDER BY st.identity_key`,
      [scope.tenant, scope.publishedOnly, locationIds.filter(isUuid)],
    );
    return rows.map((row) => stationView(row.station));
  }

  async listStations(tx: Tx, scope: PlaceScope, filter: StationFilter, page: Page): Promise<StationView[]> {
    const rows = await tx.query<{ station: StationJson }>(
      `SELECT ${STATION_JSON} AS station ${FILTERED} AND ($7::text IS NULL OR st.identity_key > $7::text)
       ORDER BY st.identity_key LIMIT $8`,
      [...filterParams(scope, filter), page.after?.[0] ?? null, page.limit],
    );
    return rows.map((row) => stationView(row.station));
  }

  async countStations(tx: Tx, scope: PlaceScope, filter: StationFilter): Promise<number> {
    const rows = await tx.query<{ total: number }>(
      `SELECT count(*)::int AS total ${FILTERED}`,
      filterParams(scope, filter),
    );
    return rows[0]!.total;
  }

  async locations(tx: Tx, scope: PlaceScope, ids: readonly string[]): Promise<LocationView[]> {
    const rows = await tx.query<{ location: Json<LocationView> }>(
      `SELECT ${LOCATION_JSON} AS location ${LOCATIONS} AND l.id = ANY ($3::uuid[])`,
      [scope.tenant, scope.publishedOnly, ids.filter(isUuid)],
    );
    return rows.map((row) => locationView(row.location));
  }

  async listLocations(tx: Tx, scope: PlaceScope, page: Page): Promise<LocationView[]> {
    const rows = await tx.query<{ location: Json<LocationView> }>(
      `SELECT ${LOCATION_JSON} AS location ${LOCATIONS} AND ($3::text IS NULL OR l.name > $3::text)
       ORDER BY l.name LIMIT $4`,
      [scope.tenant, scope.publishedOnly, page.after?.[0] ?? null, page.limit],
    );
    return rows.map((row) => locationView(row.location));
  }

  async countLocations(tx: Tx, scope: PlaceScope): Promise<number> {
    const rows = await tx.query<{ total: number }>(`SELECT count(*)::int AS total ${LOCATIONS}`, [
      scope.tenant,
      scope.publishedOnly,
    ]);
    return rows[0]!.total;
  }

  async connectors(tx: Tx, scope: PlaceScope, ids: readonly string[]): Promise<ConnectorView[]> {
    const rows = await tx.query<{ connector: Json<ConnectorView> }>(
      `SELECT ${CONNECTOR_JSON} AS connector FROM connector c
       JOIN station st ON st.tenant = c.tenant AND st.id = c.station_id
       JOIN location l ON l.tenant = st.tenant AND l.id = st.location_id
       WHERE c.tenant = $1 AND (l.published OR NOT $2) AND c.id = ANY ($3::uuid[])`,
      [scope.tenant, scope.publishedOnly, ids.filter(isUuid)],
    );
    return rows.map((row) => connectorView(row.connector));
  }
}

function filterParams(scope: PlaceScope, filter: StationFilter): unknown[] {
  const { locationId, online, status, search } = filter;
  return [
    scope.tenant,
    scope.publishedOnly,
    // A foreign id must find nothing, not everything.
    locationId ? (isUuid(locationId) ? locationId : NOBODY) : null,
    online ?? null,
    status ?? null,
    search ? `%${escapeLike(search)}%` : null,
  ];
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
