import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowPlaces } from '../../usecases/follow-places.js';

@Injectable()
export class StationChangedConsumer implements EventHandler<sessions.StationChanged> {
  readonly event = events.stationChanged;

  constructor(private readonly follow: FollowPlaces) {}

  async handle(tx: Tx, payload: sessions.StationChanged, meta: EventMeta): Promise<void> {
    if (payload.station) await this.follow.station(tx, payload.station, meta);
  }
}
