/** Locations, stations, EVSEs and connectors as trees, for reading. One SQL expression per level. */
import type { ConnectorStatus } from '../domain/connector-status.js';
import { evseStatus } from '../domain/evse-status.js';
import type { Registration } from '../domain/registration.js';
import type { LocationEntry } from '../domain/station-import.js';
import type { Json } from './session-row.js';

export interface ConnectorView {
  readonly id: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly number: number;
  readonly status: ConnectorStatus;
  /** False: an operator took it out of service, or what it belongs to. */
  readonly wantedOperative: boolean;
  readonly errorCode: string;
  readonly vendorErrorCode: string;
  readonly info: string;
  readonly statusSince: Date | undefined;
  readonly standard: string;
  readonly powerType: string;
  readonly maxCurrentA: number;
  readonly maxVoltageV: number;
  readonly lastUpdated: Date;
}

export interface EvseView {
  readonly id: string;
  readonly number: number;
  readonly status: ConnectorStatus;
  readonly wantedOperative: boolean;
  readonly connectors: readonly ConnectorView[];
  readonly lastUpdated: Date;
}

export interface StationView {
  readonly id: string;
  readonly identity: string;
  readonly name: string;
  readonly locationId: string;
  readonly online: boolean;
  readonly protocol: string;
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly firmwareVersion: string;
  readonly lastBootAt: Date | undefined;
  readonly lastSeenAt: Date | undefined;
  readonly registration: Registration;
  readonly version: number;
  readonly evses: readonly EvseView[];
  readonly lastUpdated: Date;
}

export interface LocationView extends LocationEntry {
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: Date;
}

function wantedOperative(station: string, evse: string, connector: string): string {
  return `NOT EXISTS (SELECT 1 FROM wanted_availability w WHERE w.tenant = ${station}.tenant
    AND w.station_id = ${station}.station_id AND NOT w.operative
    AND (w.evse_number = 0 OR (w.evse_number = ${evse} AND w.connector_number IN (0, ${connector}))))`;
}

/** Expressions for aliases `c` (connector), `e` (evse), `st` (station) and `l` (location). */
export const CONNECTOR_JSON = `jsonb_build_object('id', c.id, 'stationId', c.station_id, 'evseNumber', c.evse_number,
  'number', c.number, 'status', c.status, 'errorCode', c.error_code, 'vendorErrorCode', c.vendor_error_code,
  'info', c.info, 'statusSince', c.status_since, 'standard', c.standard, 'powerType', c.power_type,
  'maxCurrentA', c.max_current_a, 'maxVoltageV', c.max_voltage_v, 'lastUpdated', c.last_updated,
  'wantedOperative', ${wantedOperative('c', 'c.evse_number', 'c.number')})`;

const EVSES_JSON = `(SELECT jsonb_agg(jsonb_build_object('id', e.id, 'number', e.number, 'lastUpdated', e.last_updated,
    'wantedOperative', ${wantedOperative('e', 'e.number', '0')}, 'connectors', (SELECT jsonb_agg(${CONNECTOR_JSON} ORDER BY c.number) FROM connector c
      WHERE c.tenant = e.tenant AND c.evse_id = e.id)) ORDER BY e.number)
  FROM evse e WHERE e.tenant = st.tenant AND e.station_id = st.id)`;

export const STATION_JSON = `jsonb_build_object('id', st.id, 'identity', st.identity, 'name', st.name,
  'locationId', st.location_id, 'online', st.online, 'protocol', st.protocol, 'vendor', st.vendor,
  'model', st.model, 'serialNumber', st.serial_number, 'firmwareVersion', st.firmware_version,
  'lastBootAt', st.last_boot_at, 'lastSeenAt', st.last_seen_at, 'registration', st.registration, 'version', st.version,
  'lastUpdated', st.last_updated, 'evses', ${EVSES_JSON})`;

export const LOCATION_JSON = `jsonb_build_object('id', l.id, 'name', l.name, 'address', l.address, 'city', l.city,
  'postalCode', l.postal_code, 'country', l.country, 'latitude', l.latitude, 'longitude', l.longitude,
  'timeZone', l.time_zone, 'published', l.published, 'version', l.version, 'lastUpdated', l.last_updated)`;

export type EvseJson = Omit<Json<EvseView>, 'connectors' | 'status'> & {
  readonly connectors: readonly Json<ConnectorView>[] | null;
};
export type StationJson = Omit<Json<StationView>, 'evses'> & { readonly evses: readonly EvseJson[] | null };

export function connectorView(json: Json<ConnectorView>): ConnectorView {
  return { ...json, statusSince: date(json.statusSince), lastUpdated: new Date(json.lastUpdated) };
}

export function stationView(json: StationJson): StationView {
  const evses = (json.evses ?? []).map(evseView);
  return {
    ...json,
    lastBootAt: date(json.lastBootAt),
    lastSeenAt: date(json.lastSeenAt),
    evses,
    lastUpdated: latest([new Date(json.lastUpdated), ...evses.map((evse) => evse.lastUpdated)]),
  };
}

export function locationView(json: Json<LocationView>): LocationView {
  return { ...json, lastUpdated: new Date(json.lastUpdated) };
}

/** A change anywhere below raises what stands above (OCPI 8.1: last_updated of a Location covers its children). */
export function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map((at) => at.getTime())));
}

function evseView(json: EvseJson): EvseView {
  const connectors = (json.connectors ?? []).map(connectorView);
  return {
    ...json,
    connectors,
    status: evseStatus(connectors.map((connector) => connector.status)),
    lastUpdated: latest([
      new Date(json.lastUpdated),
      ...connectors.map((connector) => connector.lastUpdated),
    ]),
  };
}

function date(text: string | null | undefined): Date | undefined {
  return text ? new Date(text) : undefined;
}
