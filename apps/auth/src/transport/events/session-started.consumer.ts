import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { followOpenSession } from '../../usecases/follow-open-session.js';

@Injectable()
export class SessionStartedConsumer implements EventHandler<sessions.SessionStarted> {
  readonly event = events.sessionStarted;
  readonly sideBySide = true;

  async handle(tx: Tx, payload: sessions.SessionStarted, meta: EventMeta): Promise<void> {
    await followOpenSession(tx, payload.session, meta);
  }
}
