import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowSession } from '../../usecases/follow-session.js';

@Injectable()
export class SessionStartedConsumer implements EventHandler<sessions.SessionStarted> {
  readonly event = events.sessionStarted;
  readonly sideBySide = true;

  constructor(private readonly follow: FollowSession) {}

  async handle(tx: Tx, payload: sessions.SessionStarted, meta: EventMeta): Promise<void> {
    if (payload.session) await this.follow.run(tx, payload.session, meta);
  }
}
