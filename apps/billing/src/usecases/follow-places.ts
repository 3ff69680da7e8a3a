import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { maxPowerW } from '../domain/connector-power.js';
import { saveConnectors, saveLocationZone } from '../persistence/place.repository.js';

/** Remembers where each connector is: prices by the clock go by the local one, and tariffs may be for a station or a location. */
@Injectable()
export class FollowPlaces {
  async location(
    tx: Tx,
    location: sessions.Location,
    { tenant, aggregateVersion }: EventMeta,
  ): Promise<void> {
    const { locationId, name, timeZone, country } = location;
    await saveLocationZone(tx, tenant, locationId, { name, timeZone, country }, aggregateVersion);
    // The versions of a location say nothing about those of its stations: any word of the station itself is newer.
    for (const station of location.stations) {
      await saveConnectors(tx, tenant, placesOf(station, locationId, timeZone), 0);
    }
  }

  async station(tx: Tx, station: sessions.Station, timeZone: string, meta: EventMeta): Promise<void> {
    const places = placesOf(station, station.locationId, timeZone);
    await saveConnectors(tx, meta.tenant, places, meta.aggregateVersion);
  }
}

function placesOf(station: sessions.Station, locationId: string, timeZone: string) {
  return station.evses.flatMap((evse) =>
    evse.connectors.map((connector) => ({
      connectorId: connector.connectorId,
      maxPowerW: maxPowerW(connector),
      stationId: station.stationId,
      stationIdentity: station.identity,
      locationId,
      timeZone,
    })),
  );
}
