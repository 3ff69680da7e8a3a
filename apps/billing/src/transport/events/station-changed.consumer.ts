import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowPlaces } from '../../usecases/follow-places.js';
import { StopUnfunded } from '../../usecases/stop-unfunded.js';

@Injectable()
export class StationChangedConsumer implements EventHandler<sessions.StationChanged> {
  readonly event = events.stationChanged;

  constructor(
    private readonly follow: FollowPlaces,
    private readonly stops: StopUnfunded,
  ) {}

  async handle(tx: Tx, payload: sessions.StationChanged, meta: EventMeta): Promise<void> {
    const { station, timeZone } = payload;
    if (!station) return;
    await this.follow.station(tx, station, timeZone, meta);
    if (station.online) await this.stops.stationIsBack(tx, meta.tenant, station.stationId);
  }
}
