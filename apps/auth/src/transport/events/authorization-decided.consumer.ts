import { Injectable } from '@nestjs/common';
import { events, type auth } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';

/** Our own decisions, off the road of those who wait for them. */
@Injectable()
export class AuthorizationDecidedConsumer implements EventHandler<auth.AuthorizationDecided> {
  readonly event = events.authorizationDecided;

  constructor(private readonly attempts: AttemptsInEvents) {}

  handle(tx: Tx, payload: auth.AuthorizationDecided, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  handleTogether(tx: Tx, decided: readonly Received<auth.AuthorizationDecided>[]): Promise<void> {
    return this.attempts.decisions(tx, decided[0]!.meta.tenant, decided);
  }
}
