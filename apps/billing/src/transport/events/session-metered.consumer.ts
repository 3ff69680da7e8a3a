import { Injectable } from '@nestjs/common';
import { events, type metering } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { TakeEnergy } from '../../usecases/take-energy.js';

@Injectable()
export class SessionMeteredConsumer implements EventHandler<metering.SessionMetered> {
  readonly event = events.sessionMetered;
  readonly sideBySide = true;

  constructor(private readonly take: TakeEnergy) {}

  handle(tx: Tx, payload: metering.SessionMetered, meta: EventMeta): Promise<void> {
    return this.take.run(tx, payload, meta);
  }
}
