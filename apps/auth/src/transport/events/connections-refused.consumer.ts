import { Injectable } from '@nestjs/common';
import { events, type ocppGateway } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';

@Injectable()
export class ConnectionsRefusedConsumer implements EventHandler<ocppGateway.ConnectionsRefused> {
  readonly event = events.connectionsRefused;

  constructor(private readonly attempts: AttemptsInEvents) {}

  async handle(tx: Tx, payload: ocppGateway.ConnectionsRefused, meta: EventMeta): Promise<void> {
    await this.attempts.refusals(tx, meta.tenant, payload, meta);
  }
}
