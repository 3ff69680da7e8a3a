import { Injectable } from '@nestjs/common';
import { events, type metering } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowSurroundings } from '../../usecases/follow-surroundings.js';

@Injectable()
export class SessionMeteredConsumer implements EventHandler<metering.SessionMetered> {
  readonly event = events.sessionMetered;
  readonly sideBySide = true;

  constructor(private readonly follow: FollowSurroundings) {}

  handle(tx: Tx, payload: metering.SessionMetered, meta: EventMeta): Promise<void> {
    return this.follow.energy(tx, payload, meta);
  }
}
