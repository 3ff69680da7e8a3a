import { Injectable } from '@nestjs/common';
import { events, type ocppGateway } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { RecordConnection } from '../../usecases/record-connection.js';

@Injectable()
export class StationDisconnectedConsumer implements EventHandler<ocppGateway.StationDisconnected> {
  readonly event = events.stationDisconnected;

  constructor(private readonly connection: RecordConnection) {}

  handle(tx: Tx, payload: ocppGateway.StationDisconnected, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  async handleTogether(tx: Tx, events: readonly Received<ocppGateway.StationDisconnected>[]): Promise<void> {
    const connections = events.map(({ payload, meta }) => ({
      stationId: payload.stationId,
      generation: payload.generation,
      protocol: '',
      online: false,
      at: meta.occurredAt,
    }));
    const [first] = events;
    if (first) await this.connection.recordAll(tx, first.meta.tenant, connections);
  }
}
