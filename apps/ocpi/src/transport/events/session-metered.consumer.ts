import { Injectable } from '@nestjs/common';
import { events, type metering } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowSession } from '../../usecases/follow-session.js';

@Injectable()
export class SessionMeteredConsumer implements EventHandler<metering.SessionMetered> {
  readonly event = events.sessionMetered;
  readonly sideBySide = true;

  constructor(private readonly follow: FollowSession) {}

  async handle(tx: Tx, payload: metering.SessionMetered, meta: EventMeta): Promise<void> {
    await this.follow.metered(tx, payload, meta);
  }
}
