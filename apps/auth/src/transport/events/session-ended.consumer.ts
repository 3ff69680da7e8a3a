import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';
import { followOpenSession } from '../../usecases/follow-open-session.js';

@Injectable()
export class SessionEndedConsumer implements EventHandler<sessions.SessionEnded> {
  readonly event = events.sessionEnded;
  readonly sideBySide = true;

  constructor(private readonly attempts: AttemptsInEvents) {}

  async handle(tx: Tx, payload: sessions.SessionEnded, meta: EventMeta): Promise<void> {
    await followOpenSession(tx, payload.session, meta);
    await this.attempts.ended(tx, payload.session, meta);
  }
}
