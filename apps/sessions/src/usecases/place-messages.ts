/** Locations and stations as other services see them (contracts). */
import type { sessions } from '@kilowatch/contracts';
import {
  latest,
  type ConnectorView,
  type LocationView,
  type StationView,
} from '../persistence/place-view.js';

export function locationMessage(location: LocationView, stations: readonly StationView[]): sessions.Location {
  return {
    locationId: location.id,
    name: location.name,
    address: location.address,
    city: location.city,
    postalCode: location.postalCode,
    country: location.country,
    latitude: location.latitude,
    longitude: location.longitude,
    timeZone: location.timeZone,
    published: location.published,
    stations: stations.map(stationMessage),
    lastUpdated: latest([location.lastUpdated, ...stations.map((station) => station.lastUpdated)]),
  };
}

export function stationMessage(station: StationView): sessions.Station {
  return {
    stationId: station.id,
    identity: station.identity,
    locationId: station.locationId,
    name: station.name,
    online: station.online,
    vendor: station.vendor,
    model: station.model,
    registration: station.registration,
    serialNumber: station.serialNumber,
    evses: station.evses.map((evse) => ({
      evseId: evse.id,
      number: evse.number,
      status: evse.status,
      connectors: evse.connectors.map(connectorMessage),
      lastUpdated: evse.lastUpdated,
    })),
    lastUpdated: station.lastUpdated,
  };
}

function connectorMessage(connector: ConnectorView): sessions.Connector {
  return {
    connectorId: connector.id,
    number: connector.number,
    standard: connector.standard,
    powerType: connector.powerType,
    maxVoltageV: connector.maxVoltageV,
    maxCurrentA: connector.maxCurrentA,
    lastUpdated: connector.lastUpdated,
    status: connector.status,
    errorCode: connector.errorCode,
  };
}
