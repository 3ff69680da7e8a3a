import { Injectable } from '@nestjs/common';
import { events, type metering } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';

@Injectable()
export class SessionMeteredConsumer implements EventHandler<metering.SessionMetered> {
  readonly event = events.sessionMetered;
  readonly sideBySide = true;

  constructor(private readonly attempts: AttemptsInEvents) {}

  async handle(tx: Tx, payload: metering.SessionMetered, meta: EventMeta): Promise<void> {
    await this.attempts.metered(tx, payload, meta);
  }
}
