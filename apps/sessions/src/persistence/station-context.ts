/** A station with its place and connectors, as every message of it needs them. */
import type { Connector } from '../domain/connector.js';
import type { ConnectorStatus, ReportedStatus } from '../domain/connector-status.js';
import { costDisplayOf, type CostDisplay, type CostWish } from '../domain/cost-display.js';

export interface ConnectorRow {
  readonly id: string;
  readonly evse_id: string;
  readonly evse_number: number;
  readonly number: number;
  readonly power_type: string;
  readonly max_current_a: number;
  readonly max_voltage_v: number;
  readonly reported: ReportedStatus;
  readonly status: ConnectorStatus;
  readonly status_since: string | null;
  readonly shown_at: string | null;
  readonly session_ended: boolean;
  readonly error_code: string;
  readonly vendor_error_code: string;
  readonly info: string;
  readonly version: number;
}

/** What does not change with messages. */
export interface ConnectorPlate {
  readonly evseId: string;
  readonly powerType: string;
  readonly maxCurrentA: number;
  readonly maxVoltageV: number;
}

export interface StationContext {
  readonly stationId: string;
  readonly identity: string;
  readonly locationId: string;
  readonly locationName: string;
  readonly timeZone: string;
  readonly evseCount: number;
  readonly lastSeenAt: Date | undefined;
  /** Of a session that it began with this protocol; undefined: it shows no costs. */
  readonly costDisplay: (protocol: string) => CostDisplay | undefined;
  readonly connectors: readonly Connector[];
  /** By connector id. */
  readonly plates: ReadonlyMap<string, ConnectorPlate>;
}

export interface StationContextRow {
  readonly id: string;
  readonly identity: string;
  readonly location_id: string;
  readonly location_name: string;
  readonly time_zone: string;
  readonly last_seen_at: Date | null;
  readonly cost_wish: CostWish;
  readonly cost_able: boolean;
  readonly cost_currency: string;
  readonly connectors: readonly ConnectorRow[] | null;
}

/** Columns of StationContextRow for `station st JOIN location l`. */
export const CONTEXT_COLUMNS = `st.id, st.identity, st.location_id, l.name AS location_name, l.time_zone, st.last_seen_at,
  st.cost_wish, st.cost_able, st.cost_currency,
  (SELECT json_agg(to_json(c) ORDER BY c.evse_number, c.number) FROM connector c
    WHERE c.tenant = st.tenant AND c.station_id = st.id) AS connectors`;

export const CONTEXT_JOIN = 'JOIN location l ON l.tenant = st.tenant AND l.id = st.location_id';

export function contextOf(row: StationContextRow): StationContext {
  const rows = row.connectors ?? [];
  return {
    stationId: row.id,
    identity: row.identity,
    locationId: row.location_id,
    locationName: row.location_name,
    timeZone: row.time_zone,
    lastSeenAt: row.last_seen_at ?? undefined,
    costDisplay: (protocol) =>
      costDisplayOf(protocol, row.cost_wish, { able: row.cost_able, currency: row.cost_currency }),
    evseCount: new Set(rows.map((connector) => connector.evse_number)).size,
    connectors: rows.map(connectorOf),
    plates: new Map(rows.map((connector) => [connector.id, plateOf(connector)])),
  };
}

function connectorOf(row: ConnectorRow): Connector {
  return {
    connectorId: row.id,
    evseNumber: row.evse_number,
    number: row.number,
    reported: row.reported,
    status: row.status,
    statusSince: row.status_since ? new Date(row.status_since) : undefined,
    shownAt: row.shown_at ? new Date(row.shown_at) : undefined,
    sessionEnded: row.session_ended,
    errorCode: row.error_code,
    vendorErrorCode: row.vendor_error_code,
    info: row.info,
    version: row.version,
  };
}

function plateOf(row: ConnectorRow): ConnectorPlate {
  return {
    evseId: row.evse_id,
    powerType: row.power_type,
    maxCurrentA: row.max_current_a,
    maxVoltageV: row.max_voltage_v,
  };
}
