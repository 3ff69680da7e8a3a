import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowSession } from '../../usecases/follow-session.js';

@Injectable()
export class SessionChargingStateChangedConsumer implements EventHandler<sessions.SessionChargingStateChanged> {
  readonly event = events.sessionChargingStateChanged;
  readonly sideBySide = true;

  constructor(private readonly follow: FollowSession) {}

  async handle(tx: Tx, payload: sessions.SessionChargingStateChanged, meta: EventMeta): Promise<void> {
    if (payload.session) await this.follow.run(tx, payload.session, meta, payload.previousState);
  }
}
