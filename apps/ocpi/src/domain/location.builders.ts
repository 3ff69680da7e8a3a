/** Locations for tests: a published garage with one 22 kW post and one DC charger. */
import type { ConnectorSource, EvseSource, LocationSource, StationSource } from './location.js';

export const BUILT_AT = new Date('2026-03-01T10:00:00Z');

export function aConnector(over: Partial<ConnectorSource> = {}): ConnectorSource {
  return {
    connectorId: '01a10000-0000-7000-8000-0000000000c1',
    standard: 'IEC_62196_T2',
    powerType: 'AC_3_PHASE',
    maxVoltageV: 230,
    maxCurrentA: 32,
    lastUpdated: BUILT_AT,
    ...over,
  };
}

export function anEvse(over: Partial<EvseSource> = {}): EvseSource {
  return {
    evseId: '01a10000-0000-7000-8000-0000000000e1',
    number: 1,
    status: 'AVAILABLE',
    connectors: [aConnector()],
    lastUpdated: BUILT_AT,
    ...over,
  };
}

export function aStation(over: Partial<StationSource> = {}): StationSource {
  return {
    stationId: '01a10000-0000-7000-8000-0000000000b1',
    identity: 'CP-1',
    name: 'Post 1',
    online: true,
    evses: [anEvse()],
    lastUpdated: BUILT_AT,
    ...over,
  };
}

export function aLocation(over: Partial<LocationSource> = {}): LocationSource {
  return {
    locationId: '01a10000-0000-7000-8000-0000000000a1',
    name: 'Garage West',
    address: 'Stroomkade 1',
    city: 'Amsterdam',
    postalCode: '1011 AB',
    country: 'NLD',
    latitude: 52.3702157,
    longitude: 4.8951679,
    timeZone: 'Europe/Amsterdam',
    published: true,
    stations: [aStation()],
    lastUpdated: BUILT_AT,
    ...over,
  };
}
