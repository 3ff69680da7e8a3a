import { Injectable } from '@nestjs/common';
import { events, type metering } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { KeepRegisters } from '../../usecases/keep-registers.js';

@Injectable()
export class ReadingsRecordedConsumer implements EventHandler<metering.ReadingsRecorded> {
  readonly event = events.readingsRecorded;

  constructor(private readonly keep: KeepRegisters) {}

  handle(tx: Tx, payload: metering.ReadingsRecorded, meta: EventMeta): Promise<void> {
    return this.keep.run(tx, payload.readings, meta);
  }
}
