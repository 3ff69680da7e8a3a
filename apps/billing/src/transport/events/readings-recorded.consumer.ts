import { Injectable } from '@nestjs/common';
import { events, type metering } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { KeepRegisters } from '../../usecases/keep-registers.js';

@Injectable()
export class ReadingsRecordedConsumer implements EventHandler<metering.ReadingsRecorded> {
  readonly event = events.readingsRecorded;

  constructor(private readonly keep: KeepRegisters) {}

  handle(tx: Tx, payload: metering.ReadingsRecorded, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  handleTogether(tx: Tx, events: readonly Received<metering.ReadingsRecorded>[]): Promise<void> {
    const readings = events.flatMap(({ payload }) => payload.readings);
    return this.keep.run(tx, events[0]!.meta.tenant, readings);
  }
}
