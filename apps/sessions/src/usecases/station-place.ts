import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { PlaceRepository } from '../persistence/place.repository.js';
import { stationUnknown } from '../persistence/situation.repository.js';

/** What people need to know which station an event speaks of. */
export interface NamedPlace {
  readonly stationIdentity: string;
  readonly locationName: string;
  readonly timeZone: string;
}

@Injectable()
export class StationPlace {
  constructor(private readonly places: PlaceRepository) {}

  /** Throws NOT_FOUND for a station of nobody, or of another tenant. */
  async of(tx: Tx, tenant: string, stationId: string): Promise<NamedPlace> {
    const scope = { tenant, publishedOnly: false };
    const [station] = await this.places.stations(tx, scope, [stationId]);
    if (!station) throw stationUnknown(stationId);
    const [location] = await this.places.locations(tx, scope, [station.locationId]);
    return {
      stationIdentity: station.identity,
      locationName: location?.name ?? '',
      timeZone: location?.timeZone ?? '',
    };
  }
}
