import { Injectable } from '@nestjs/common';
import { events, type metering } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { ObserveReadings } from '../../usecases/observe-readings.js';

@Injectable()
export class ReadingsRecordedConsumer implements EventHandler<metering.ReadingsRecorded> {
  readonly event = events.readingsRecorded;

  constructor(private readonly observe: ObserveReadings) {}

  handle(tx: Tx, payload: metering.ReadingsRecorded, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  handleTogether(tx: Tx, events: readonly Received<metering.ReadingsRecorded>[]): Promise<void> {
    const readings = events.flatMap(({ payload }) => payload.readings);
    return this.observe.run(tx, events[0]!.meta.tenant, readings);
  }
}
