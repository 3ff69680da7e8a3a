import { Injectable } from '@nestjs/common';
import { events, type ocppGateway } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { RecordConnection } from '../../usecases/record-connection.js';

@Injectable()
export class StationConnectedConsumer implements EventHandler<ocppGateway.StationConnected> {
  readonly event = events.stationConnected;

  constructor(private readonly connection: RecordConnection) {}

  handle(tx: Tx, payload: ocppGateway.StationConnected, meta: EventMeta): Promise<void> {
    const { stationId, generation, protocol } = payload;
    return this.connection.record(tx, meta.tenant, {
      stationId,
      generation,
      protocol,
      online: true,
      at: meta.occurredAt,
    });
  }
}
