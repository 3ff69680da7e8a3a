/**
 * What an operator may write about stations. Each entry stands for itself: a bad one is named by its index and the
 * others are taken. Defaults are those of a European AC station.
 */
import { isTimeZone } from '@kilowatch/kernel';
import { foldIdentity, isStationIdentity } from './station-identity.js';

export interface LocationEntry {
  readonly name: string;
  readonly address: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly timeZone: string;
  readonly published: boolean;
}

export interface ConnectorEntry {
  readonly evseNumber: number;
  readonly number: number;
  readonly standard: string;
  readonly powerType: string;
  readonly maxCurrentA: number;
  readonly maxVoltageV: number;
}

export interface StationEntry {
  readonly identity: string;
  readonly name: string;
  readonly location: string;
  readonly securityProfile: number;
  readonly password: string;
  readonly allowMissingSubprotocol: boolean;
  /** A new station waits until somebody accepts it; one that is known already stays what it is. */
  readonly claim: boolean;
  /** The password or certificate is that of the factory: replaced once somebody accepts the station, which waits until then. */
  readonly factoryCredentials: boolean;
  readonly connectors: readonly ConnectorEntry[];
}

/** Nulls and absent fields as GraphQL hands them over. */
export type Loose<T> = { readonly [K in keyof T]?: T[K] | null };

export interface EntryProblem {
  readonly code: string;
  readonly message: string;
}

export const MAX_STATIONS = 500;
const MAX_CONNECTORS = 64;
const POWER_TYPES = new Set(['AC_1_PHASE', 'AC_3_PHASE', 'DC']);

export const LOCATION_DEFAULTS: Omit<LocationEntry, 'name'> = {
  address: '',
  city: '',
  postalCode: '',
  country: 'NLD',
  latitude: 0,
  longitude: 0,
  timeZone: 'Europe/Amsterdam',
  published: true,
};

/** Fields left out keep what is stored, or the default. */
export function locationEntry(
  input: Loose<LocationEntry>,
  stored?: Omit<LocationEntry, 'name'>,
): LocationEntry {
  const base = stored ?? LOCATION_DEFAULTS;
  return {
    name: (input.name ?? '').trim(),
    address: input.address ?? base.address,
    city: input.city ?? base.city,
    postalCode: input.postalCode ?? base.postalCode,
    country: (input.country ?? base.country).toUpperCase(),
    latitude: input.latitude ?? base.latitude,
    longitude: input.longitude ?? base.longitude,
    timeZone: input.timeZone ?? base.timeZone,
    published: input.published ?? base.published,
  };
}

export function locationProblem(location: LocationEntry): EntryProblem | undefined {
  if (!isName(location.name))
    return problem('LOCATION_NAME', 'A location needs a name of 1 to 255 characters.');
  if (!/^[A-Z]{3}$/.test(location.country)) {
    return problem('LOCATION_COUNTRY', 'A country is an ISO 3166-1 alpha-3 code, like NLD.');
  }
  if (!isTimeZone(location.timeZone)) return problem('LOCATION_TIME_ZONE', 'This is not a known time zone.');
  if (Math.abs(location.latitude) > 90 || Math.abs(location.longitude) > 180) {
    return problem('LOCATION_COORDINATES', 'Latitude is -90 to 90 and longitude -180 to 180.');
  }
  return undefined;
}

export function connectorEntry(input: Loose<ConnectorEntry>): ConnectorEntry {
  const powerType = input.powerType ?? 'AC_3_PHASE';
  return {
    evseNumber: input.evseNumber ?? 0,
    number: input.number ?? 0,
    standard: input.standard ?? (powerType === 'DC' ? 'IEC_62196_T2_COMBO' : 'IEC_62196_T2'),
    powerType,
    maxCurrentA: input.maxCurrentA ?? 0,
    maxVoltageV: input.maxVoltageV ?? (powerType === 'AC_3_PHASE' ? 400 : powerType === 'DC' ? 920 : 230),
  };
}

export function stationEntry(
  input: Loose<Omit<StationEntry, 'connectors'>> & { connectors?: readonly Loose<ConnectorEntry>[] | null },
): StationEntry {
  const identity = (input.identity ?? '').trim();
  return {
    identity,
    name: input.name?.trim() || identity,
    location: (input.location ?? '').trim(),
    securityProfile: input.securityProfile ?? 0,
    password: input.password ?? '',
    allowMissingSubprotocol: input.allowMissingSubprotocol ?? false,
    claim: input.claim ?? input.factoryCredentials ?? false,
    factoryCredentials: input.factoryCredentials ?? false,
    connectors: (input.connectors ?? []).map(connectorEntry),
  };
}

export function stationProblem(station: StationEntry): EntryProblem | undefined {
  if (!isStationIdentity(station.identity)) {
    return problem(
      'STATION_IDENTITY',
      'An identity has 1 to 48 letters, digits and any of * - _ = : + | @ . or blanks.',
    );
  }
  if (!isName(station.location))
    return problem('STATION_LOCATION', 'A station needs the name of its location.');
  if (!isName(station.name)) return problem('STATION_NAME', 'A name has at most 255 characters.');
  if (!inRange(station.securityProfile, 0, 3)) {
    return problem('STATION_SECURITY_PROFILE', 'The security profile is 0, 1, 2 or 3.');
  }
  if (station.password !== '' && !isPassword(station.password)) {
    return problem('STATION_PASSWORD', 'A password has 16 to 40 characters, or is hex: and 32 to 40 digits.');
  }
  return connectorsProblem(station.connectors);
}

/** Index of the first entry with the same identity, when an identity comes twice in one import. */
export function firstWithSameIdentity(stations: readonly StationEntry[], index: number): number | undefined {
  const key = foldIdentity(stations[index]!.identity);
  const first = stations.findIndex((other) => foldIdentity(other.identity) === key);
  return first < index ? first : undefined;
}

function connectorsProblem(connectors: readonly ConnectorEntry[]): EntryProblem | undefined {
  if (connectors.length === 0 || connectors.length > MAX_CONNECTORS) {
    return problem('STATION_CONNECTORS', `A station has 1 to ${MAX_CONNECTORS} connectors.`);
  }
  for (const connector of connectors) {
    if (!inRange(connector.evseNumber, 1, 999) || !inRange(connector.number, 1, 999)) {
      return problem('CONNECTOR_NUMBER', 'EVSEs and connectors are numbered from 1.');
    }
    if (!POWER_TYPES.has(connector.powerType)) {
      return problem('CONNECTOR_POWER_TYPE', 'The power type is AC_1_PHASE, AC_3_PHASE or DC.');
    }
    if (!/^[A-Z0-9_]{1,40}$/.test(connector.standard)) {
      return problem('CONNECTOR_STANDARD', 'The standard is an OCPI connector type, like IEC_62196_T2.');
    }
    if (!inRange(connector.maxCurrentA, 1, 2000) || !inRange(connector.maxVoltageV, 1, 2000)) {
      return problem('CONNECTOR_LIMITS', 'Current is 1 to 2000 A and voltage 1 to 2000 V.');
    }
  }
  const places = new Set(connectors.map((connector) => `${connector.evseNumber}/${connector.number}`));
  if (places.size < connectors.length) return problem('CONNECTOR_TWICE', 'A connector number comes twice.');
  return undefined;
}

/** The AuthorizationKey of 1.6 may be bytes that are no text. */
function isPassword(text: string): boolean {
  return (text.length >= 16 && text.length <= 40) || /^hex:([0-9a-f]{2}){16,20}$/i.test(text);
}

function isName(text: string): boolean {
  return text.length > 0 && text.length <= 255;
}

function inRange(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

function problem(code: string, message: string): EntryProblem {
  return { code, message };
}
