import { Injectable } from '@nestjs/common';
import { events, type auth } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';

/** Decisions of releases that told of each by itself. */
@Injectable()
export class AuthorizationDecidedConsumer implements EventHandler<auth.AuthorizationDecided> {
  readonly event = events.authorizationDecided;

  constructor(private readonly attempts: AttemptsInEvents) {}

  handle(tx: Tx, payload: auth.AuthorizationDecided, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  handleTogether(tx: Tx, decided: readonly Received<auth.AuthorizationDecided>[]): Promise<void> {
    const each = decided.map(({ payload, meta }) => ({ ...payload, decidedAt: meta.occurredAt }));
    return this.attempts.decisions(tx, decided[0]!.meta.tenant, each);
  }
}
