import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowArrivals } from '../../usecases/follow-arrivals.js';
import { FollowPlaces } from '../../usecases/follow-places.js';

@Injectable()
export class StationChangedConsumer implements EventHandler<sessions.StationChanged> {
  readonly event = events.stationChanged;
  readonly sideBySide = true;

  constructor(
    private readonly follow: FollowPlaces,
    private readonly arrivals: FollowArrivals,
  ) {}

  async handle(tx: Tx, payload: sessions.StationChanged, meta: EventMeta): Promise<void> {
    const { station } = payload;
    if (!station) return;
    await this.follow.station(tx, station, meta);
    await this.arrivals.described(tx, meta.tenant, station.stationId, station.serialNumber ?? '');
    if (station.registration === 'ACCEPTED') await this.arrivals.claimed(tx, meta.tenant, station.stationId);
  }
}
