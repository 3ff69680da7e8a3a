import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowPlace } from '../../usecases/follow-place.js';

@Injectable()
export class StationChangedConsumer implements EventHandler<sessions.StationChanged> {
  readonly event = events.stationChanged;

  constructor(private readonly follow: FollowPlace) {}

  async handle(tx: Tx, payload: sessions.StationChanged, meta: EventMeta): Promise<void> {
    if (payload.station) await this.follow.station(tx, payload.station, meta);
  }
}
