import { Injectable } from '@nestjs/common';
import { events, type ocppGateway } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { RecordConnection } from '../../usecases/record-connection.js';

@Injectable()
export class StationDisconnectedConsumer implements EventHandler<ocppGateway.StationDisconnected> {
  readonly event = events.stationDisconnected;

  constructor(private readonly connection: RecordConnection) {}

  handle(tx: Tx, payload: ocppGateway.StationDisconnected, meta: EventMeta): Promise<void> {
    const { stationId, generation } = payload;
    return this.connection.record(tx, meta.tenant, {
      stationId,
      generation,
      protocol: '',
      online: false,
      at: meta.occurredAt,
    });
  }
}
