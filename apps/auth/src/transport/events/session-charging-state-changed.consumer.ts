import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { followOpenSession } from '../../usecases/follow-open-session.js';

@Injectable()
export class SessionChargingStateChangedConsumer implements EventHandler<sessions.SessionChargingStateChanged> {
  readonly event = events.sessionChargingStateChanged;
  readonly sideBySide = true;

  async handle(tx: Tx, payload: sessions.SessionChargingStateChanged, meta: EventMeta): Promise<void> {
    await followOpenSession(tx, payload.session, meta);
  }
}
