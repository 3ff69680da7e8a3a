import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowPlaces } from '../../usecases/follow-places.js';

@Injectable()
export class LocationChangedConsumer implements EventHandler<sessions.LocationChanged> {
  readonly event = events.locationChanged;

  constructor(private readonly follow: FollowPlaces) {}

  async handle(tx: Tx, payload: sessions.LocationChanged, meta: EventMeta): Promise<void> {
    if (payload.location) await this.follow.location(tx, payload.location, meta);
  }
}
