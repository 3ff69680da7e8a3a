import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowSurroundings } from '../../usecases/follow-surroundings.js';

@Injectable()
export class ConnectorStatusChangedConsumer implements EventHandler<sessions.ConnectorStatusChanged> {
  readonly event = events.connectorStatusChanged;
  readonly sideBySide = true;

  constructor(private readonly follow: FollowSurroundings) {}

  handle(tx: Tx, payload: sessions.ConnectorStatusChanged, meta: EventMeta): Promise<void> {
    return this.follow.connector(tx, payload, meta);
  }
}
