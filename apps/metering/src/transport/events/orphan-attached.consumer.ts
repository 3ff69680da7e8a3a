import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { AttachReadings } from '../../usecases/attach-readings.js';

@Injectable()
export class OrphanAttachedConsumer implements EventHandler<sessions.OrphanAttached> {
  readonly event = events.orphanAttached;
  readonly sideBySide = true;

  constructor(private readonly attach: AttachReadings) {}

  handle(tx: Tx, payload: sessions.OrphanAttached, meta: EventMeta): Promise<void> {
    return this.attach.run(tx, payload, meta);
  }
}
