import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { saveLocation, saveStations, type KnownStation } from '../persistence/place.repository.js';

/** Remembers where stations are and what their EVSEs are: tokens may be limited to places, and nobody is at two of them. */
@Injectable()
export class FollowPlaces {
  async location(
    tx: Tx,
    location: sessions.Location,
    { tenant, aggregateVersion }: EventMeta,
  ): Promise<void> {
    await saveLocation(tx, tenant, location, aggregateVersion);
    const { locationId, stations } = location;
    await saveStations(
      tx,
      tenant,
      stations.map((station) => knownStation({ ...station, locationId })),
      0,
    );
  }

  async station(tx: Tx, station: sessions.Station, { tenant, aggregateVersion }: EventMeta): Promise<void> {
    await saveStations(tx, tenant, [knownStation(station)], aggregateVersion);
  }
}

function knownStation({ stationId, identity, locationId, evses }: sessions.Station): KnownStation {
  return {
    stationId,
    identity,
    locationId,
    evses: evses.map(({ number, connectors }) => ({
      number,
      powerTypes: [...new Set(connectors.map(({ powerType }) => powerType))],
    })),
  };
}
