import { Injectable } from '@nestjs/common';
import { events, type auth } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';

/** Our own decisions, off the road of those who wait for them. */
@Injectable()
export class DecisionsRecordedConsumer implements EventHandler<auth.DecisionsRecorded> {
  readonly event = events.decisionsRecorded;

  constructor(private readonly attempts: AttemptsInEvents) {}

  handle(tx: Tx, payload: auth.DecisionsRecorded, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  handleTogether(tx: Tx, recorded: readonly Received<auth.DecisionsRecorded>[]): Promise<void> {
    const decided = recorded.flatMap(({ payload }) => payload.decisions);
    return this.attempts.decisions(tx, recorded[0]!.meta.tenant, decided);
  }
}
