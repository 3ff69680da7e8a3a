/** Locations with EVSEs and connectors (OCPI 2.2.1 mod_locations), from what sessions knows of them. */
import { evseId } from './evse-id.js';
import { dateTime, present, text, type Party } from './values.js';

export interface ConnectorSource {
  readonly connectorId: string;
  readonly standard: string;
  readonly powerType: string;
  readonly maxVoltageV: number;
  readonly maxCurrentA: number;
  readonly lastUpdated?: Date | undefined;
}

export interface EvseSource {
  readonly evseId: string;
  readonly number: number;
  readonly status: string;
  readonly connectors: readonly ConnectorSource[];
  readonly lastUpdated?: Date | undefined;
}

export interface StationSource {
  readonly stationId: string;
  readonly identity: string;
  readonly name: string;
  readonly online: boolean;
  readonly evses: readonly EvseSource[];
  readonly lastUpdated?: Date | undefined;
}

export interface LocationSource {
  readonly locationId: string;
  readonly name: string;
  readonly address: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly timeZone: string;
  readonly published: boolean;
  readonly stations: readonly StationSource[];
  readonly lastUpdated?: Date | undefined;
}

export type EvseStatus =
  'AVAILABLE' | 'BLOCKED' | 'CHARGING' | 'INOPERATIVE' | 'OUTOFORDER' | 'RESERVED' | 'UNKNOWN';

// A cable that is in without charging blocks the EVSE for others; a pause within a session is still its use.
const STATUSES: Readonly<Record<string, EvseStatus>> = {
  AVAILABLE: 'AVAILABLE',
  PREPARING: 'BLOCKED',
  CHARGING: 'CHARGING',
  SUSPENDED_EV: 'CHARGING',
  SUSPENDED_EVSE: 'CHARGING',
  FINISHING: 'BLOCKED',
  RESERVED: 'RESERVED',
  UNAVAILABLE: 'INOPERATIVE',
  FAULTED: 'OUTOFORDER',
};

/** docs/ocpi-notes.md L3: nobody knows the state of a charger that is offline. */
export function evseStatus(status: string, online: boolean): EvseStatus {
  return online ? (STATUSES[status] ?? 'UNKNOWN') : 'UNKNOWN';
}

const SOCKETS = /^(IEC_62196_T2|IEC_62196_T3[AC]|DOMESTIC_|IEC_60309_|NEMA_)/;

/** The standard decides: European AC posts have sockets, everything for DC and type 1 hangs on a cable. */
export function connectorFormat(standard: string, powerType: string): 'SOCKET' | 'CABLE' {
  if (powerType === 'DC' || standard.endsWith('_COMBO')) return 'CABLE';
  return SOCKETS.test(standard) ? 'SOCKET' : 'CABLE';
}

export type OcpiConnector = ReturnType<typeof connectorObject>;
export type OcpiEvse = ReturnType<typeof evseObject>;
export type OcpiLocation = ReturnType<typeof locationObject>;

/** What sessions cost by where they are. */
export interface PlaceTariffs {
  /** Id of the tariff at each station, by the station's id; empty: there is none. */
  readonly byStation: ReadonlyMap<string, string>;
  /** When that last changed at any place: all are told again then, `tariff_ids` is a part of each connector. */
  readonly changedAt: Date | undefined;
}

export function locationObject(source: LocationSource, party: Party, tariffs: PlaceTariffs) {
  const updated = latest([source.lastUpdated, tariffs.changedAt]) ?? new Date(0);
  return {
    country_code: party.countryCode,
    party_id: party.partyId,
    id: source.locationId,
    publish: source.published,
    name: text(source.name, 255),
    address: text(source.address, 45, source.name),
    city: text(source.city, 45, source.name),
    ...present({ postal_code: source.postalCode.trim() ? text(source.postalCode, 10) : undefined }),
    country: source.country.toUpperCase(),
    coordinates: { latitude: source.latitude.toFixed(6), longitude: source.longitude.toFixed(6) },
    evses: source.stations.flatMap((station) =>
      station.evses
        // An EVSE without a connector cannot be told (at least one is required).
        .filter((evse) => evse.connectors.length > 0)
        .map((evse) => evseObject(evse, station, party, tariffs, updated)),
    ),
    time_zone: source.timeZone,
    last_updated: dateTime(updated),
  };
}

function evseObject(
  evse: EvseSource,
  station: StationSource,
  party: Party,
  { byStation, changedAt }: PlaceTariffs,
  fallback: Date,
) {
  const updated = latest([
    changedAt,
    evse.lastUpdated,
    station.lastUpdated,
    ...evse.connectors.map((c) => c.lastUpdated),
  ]);
  return {
    uid: evse.evseId,
    evse_id: evseId(party, station.identity, evse.number, evse.evseId),
    status: evseStatus(evse.status, station.online),
    capabilities: [
      'REMOTE_START_STOP_CAPABLE',
      'RFID_READER',
      // docs/ocpi-notes.md L5: which of several connectors must be said.
      ...(evse.connectors.length > 1 ? ['START_SESSION_CONNECTOR_REQUIRED'] : []),
    ],
    connectors: evse.connectors.map((connector) =>
      connectorObject(
        connector,
        byStation.get(station.stationId),
        latest([connector.lastUpdated, changedAt]) ?? updated ?? fallback,
      ),
    ),
    physical_reference: text(station.name || station.identity, 16),
    last_updated: dateTime(updated ?? fallback),
  };
}

function connectorObject(connector: ConnectorSource, tariffId: string | undefined, updated: Date) {
  const { standard, powerType, maxVoltageV, maxCurrentA } = connector;
  const phases = powerType === 'AC_3_PHASE' ? 3 : 1;
  return {
    id: connector.connectorId,
    standard,
    format: connectorFormat(standard, powerType),
    power_type: powerType,
    max_voltage: maxVoltageV,
    max_amperage: maxCurrentA,
    // DC hardware reaches its highest voltage and current not together: the product would promise too much.
    ...present({ max_electric_power: powerType === 'DC' ? undefined : maxVoltageV * maxCurrentA * phases }),
    ...present({ tariff_ids: tariffId ? [tariffId] : undefined }),
    last_updated: dateTime(updated),
  };
}

/** docs/ocpi-notes.md L2: a change below raises what is above. */
function latest(times: readonly (Date | undefined)[]): Date | undefined {
  const known = times.filter((time) => time !== undefined).map((time) => time.getTime());
  return known.length > 0 ? new Date(Math.max(...known)) : undefined;
}
