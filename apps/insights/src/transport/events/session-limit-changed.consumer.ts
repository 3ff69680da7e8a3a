import { Injectable } from '@nestjs/common';
import { events, type loadManagement } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowSurroundings } from '../../usecases/follow-surroundings.js';

@Injectable()
export class SessionLimitChangedConsumer implements EventHandler<loadManagement.SessionLimitChanged> {
  readonly event = events.sessionLimitChanged;
  readonly sideBySide = true;

  constructor(private readonly follow: FollowSurroundings) {}

  handle(tx: Tx, payload: loadManagement.SessionLimitChanged, meta: EventMeta): Promise<void> {
    return this.follow.limit(tx, payload, meta);
  }
}
