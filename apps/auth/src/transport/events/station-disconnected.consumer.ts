import { Injectable } from '@nestjs/common';
import { events, type ocppGateway } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';

@Injectable()
export class StationDisconnectedConsumer implements EventHandler<ocppGateway.StationDisconnected> {
  readonly event = events.stationDisconnected;

  constructor(private readonly attempts: AttemptsInEvents) {}

  async handle(tx: Tx, payload: ocppGateway.StationDisconnected, meta: EventMeta): Promise<void> {
    const { stationId, generation } = payload;
    await this.attempts.connection(tx, 'disconnected', { stationId, generation }, meta);
  }
}
