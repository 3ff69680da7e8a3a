import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import type { PlannedLocation } from '../domain/import-plan.js';
import type { StationEntry } from '../domain/station-import.js';
import { foldIdentity } from '../domain/station-identity.js';
import { LOCATION_JSON, STATION_JSON, stationView } from './place-view.js';
import type { LocationView, StationJson, StationView } from './place-view.js';
import type { Json } from './session-row.js';

export interface StoredStation {
  readonly view: StationView;
  readonly securityProfile: number;
  readonly allowMissingSubprotocol: boolean;
}

export interface StationToSave {
  readonly id: string;
  readonly locationId: string;
  readonly version: number;
  readonly entry: StationEntry;
  /** By EVSE number; new ids for those not there yet. */
  readonly evseIds: ReadonlyMap<number, string>;
  readonly newConnectorId: () => string;
}

/** What importing needs: everything by name, everything at once. */
@Injectable()
export class ImportRepository {
  /** Imports of one tenant run one after the other: two at once would create a location twice. */
  lock(tx: Tx, tenant: string): void {
    tx.lock(`import|${tenant}`);
  }

  async locationsByName(
    tx: Tx,
    tenant: string,
    names: readonly string[],
  ): Promise<Map<string, PlannedLocation>> {
    const rows = await tx.query<{ location: Json<LocationView> }>(
      `SELECT ${LOCATION_JSON} AS location FROM location l WHERE l.tenant = $1 AND l.name = ANY ($2)`,
      [tenant, names],
    );
    return new Map(rows.map(({ location }) => [location.name, planned(location)]));
  }

  async locationsById(tx: Tx, tenant: string, ids: readonly string[]): Promise<PlannedLocation[]> {
    if (ids.length === 0) return [];
    const rows = await tx.query<{ location: Json<LocationView> }>(
      `SELECT ${LOCATION_JSON} AS location FROM location l WHERE l.tenant = $1 AND l.id = ANY ($2::uuid[])`,
      [tenant, ids],
    );
    return rows.map(({ location }) => planned(location));
  }

  async stationsByIdentity(
    tx: Tx,
    tenant: string,
    identities: readonly string[],
  ): Promise<Map<string, StoredStation>> {
    const rows = await tx.query<{
      key: string;
      station: StationJson;
      security_profile: number;
      allow_missing_subprotocol: boolean;
    }>(
      `SELECT st.identity_key AS key, ${STATION_JSON} AS station, st.security_profile, st.allow_missing_subprotocol
       FROM station st WHERE st.tenant = $1 AND st.identity_key = ANY ($2)`,
      [tenant, identities.map(foldIdentity)],
    );
    return new Map(
      rows.map((row) => [
        row.key,
        {
          view: stationView(row.station),
          securityProfile: row.security_profile,
          allowMissingSubprotocol: row.allow_missing_subprotocol,
        },
      ]),
    );
  }

  async saveLocations(
    tx: Tx,
    tenant: string,
    locations: readonly PlannedLocation[],
    now: Date,
  ): Promise<void> {
    if (locations.length === 0) return;
    const rows = locations.map(({ id, version, entry }) => ({
      id,
      version,
      name: entry.name,
      address: entry.address,
      city: entry.city,
      postal_code: entry.postalCode,
      country: entry.country,
      latitude: entry.latitude,
      longitude: entry.longitude,
      time_zone: entry.timeZone,
      published: entry.published,
    }));
    const columns =
      'id, version, name, address, city, postal_code, country, latitude, longitude, time_zone, published';
    await tx.query(
      `INSERT INTO location (tenant, ${columns}, created_at, last_updated)
       SELECT $1, ${columns}, $3::timestamptz, $3::timestamptz FROM jsonb_populate_recordset(NULL::location, $2::jsonb)
       ON CONFLICT ON CONSTRAINT location_pk DO UPDATE SET version = excluded.version, address = excluded.address,
         city = excluded.city, postal_code = excluded.postal_code, country = excluded.country,
         latitude = excluded.latitude, longitude = excluded.longitude, time_zone = excluded.time_zone,
         published = excluded.published, last_updated = excluded.last_updated`,
      [tenant, JSON.stringify(rows), now],
    );
  }

  async saveStations(tx: Tx, tenant: string, stations: readonly StationToSave[], now: Date): Promise<void> {
    if (stations.length === 0) return;
    await tx.query(INSERT_STATIONS, [tenant, JSON.stringify(stations.map(stationRow)), now]);
    await tx.query(INSERT_EVSES, [tenant, JSON.stringify(stations.flatMap(evseRows)), now]);
    await tx.query(INSERT_CONNECTORS, [tenant, JSON.stringify(stations.flatMap(connectorRows)), now]);
  }
}

const STATION_COLUMNS =
  'id, identity, identity_key, location_id, name, security_profile, allow_missing_subprotocol, registration, version';
const INSERT_STATIONS = `INSERT INTO station (tenant, ${STATION_COLUMNS}, created_at, last_updated)
  SELECT $1, ${STATION_COLUMNS}, $3::timestamptz, $3::timestamptz FROM jsonb_populate_recordset(NULL::station, $2::jsonb)
  ON CONFLICT ON CONSTRAINT station_pk DO UPDATE SET identity = excluded.identity, location_id = excluded.location_id,
    name = excluded.name, security_profile = excluded.security_profile,
    allow_missing_subprotocol = excluded.allow_missing_subprotocol, version = excluded.version,
    last_updated = excluded.last_updated`;
const INSERT_EVSES = `INSERT INTO evse (tenant, id, station_id, number, last_updated)
  SELECT $1, id, station_id, number, $3::timestamptz FROM jsonb_populate_recordset(NULL::evse, $2::jsonb)
  ON CONFLICT ON CONSTRAINT evse_number_key DO NOTHING`;
const PLATE = 'standard, power_type, max_current_a, max_voltage_v';
const INSERT_CONNECTORS = `INSERT INTO connector AS held
    (tenant, id, station_id, evse_id, evse_number, number, ${PLATE}, version, last_updated)
  SELECT $1, id, station_id, evse_id, evse_number, number, ${PLATE}, 1, $3::timestamptz
  FROM jsonb_populate_recordset(NULL::connector, $2::jsonb)
  ON CONFLICT ON CONSTRAINT connector_number_key DO UPDATE SET standard = excluded.standard,
    power_type = excluded.power_type, max_current_a = excluded.max_current_a,
    max_voltage_v = excluded.max_voltage_v, version = held.version + 1, last_updated = excluded.last_updated
  WHERE (held.standard, held.power_type, held.max_current_a, held.max_voltage_v)
    IS DISTINCT FROM (excluded.standard, excluded.power_type, excluded.max_current_a, excluded.max_voltage_v)`;

function planned({ id, version, lastUpdated: _lastUpdated, ...entry }: Json<LocationView>): PlannedLocation {
  return { entry, id, version };
}

function stationRow({ id, locationId, version, entry }: StationToSave) {
  return {
    id,
    identity: entry.identity,
    identity_key: foldIdentity(entry.identity),
    location_id: locationId,
    name: entry.name,
    security_profile: entry.securityProfile,
    allow_missing_subprotocol: entry.allowMissingSubprotocol,
    registration: entry.claim ? 'PENDING' : 'ACCEPTED',
    version,
  };
}

function evseRows({ id, evseIds }: StationToSave) {
  return [...evseIds].map(([number, evseId]) => ({ id: evseId, station_id: id, number }));
}

function connectorRows({ id, evseIds, entry, newConnectorId }: StationToSave) {
  return entry.connectors.map((connector) => ({
    id: newConnectorId(),
    station_id: id,
    evse_id: evseIds.get(connector.evseNumber),
    evse_number: connector.evseNumber,
    number: connector.number,
    standard: connector.standard,
    power_type: connector.powerType,
    max_current_a: connector.maxCurrentA,
    max_voltage_v: connector.maxVoltageV,
  }));
}
