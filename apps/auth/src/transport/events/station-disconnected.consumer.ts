import { Injectable } from '@nestjs/common';
import { events, type ocppGateway } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';

@Injectable()
export class StationDisconnectedConsumer implements EventHandler<ocppGateway.StationDisconnected> {
  readonly event = events.stationDisconnected;

  constructor(private readonly attempts: AttemptsInEvents) {}

  handle(tx: Tx, payload: ocppGateway.StationDisconnected, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  handleTogether(tx: Tx, gone: readonly Received<ocppGateway.StationDisconnected>[]): Promise<void> {
    return this.attempts.connections(tx, 'disconnected', gone);
  }
}
