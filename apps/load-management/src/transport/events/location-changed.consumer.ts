import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowPlace } from '../../usecases/follow-place.js';

@Injectable()
export class LocationChangedConsumer implements EventHandler<sessions.LocationChanged> {
  readonly event = events.locationChanged;

  constructor(private readonly follow: FollowPlace) {}

  async handle(tx: Tx, payload: sessions.LocationChanged, meta: EventMeta): Promise<void> {
    if (payload.location) await this.follow.location(tx, payload.location, meta);
  }
}
