import { Injectable } from '@nestjs/common';
import { events, type ocppGateway } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';
import { FollowArrivals } from '../../usecases/follow-arrivals.js';

@Injectable()
export class StationConnectedConsumer implements EventHandler<ocppGateway.StationConnected> {
  readonly event = events.stationConnected;
  readonly sideBySide = true;

  constructor(
    private readonly follow: FollowArrivals,
    private readonly attempts: AttemptsInEvents,
  ) {}

  async handle(tx: Tx, payload: ocppGateway.StationConnected, meta: EventMeta): Promise<void> {
    await this.follow.arrived(tx, {
      tenant: meta.tenant,
      stationId: payload.stationId,
      generation: payload.generation,
      protocol: payload.protocol,
      securityProfile: payload.securityProfile,
      credentialId: payload.credentialId ?? '',
      at: meta.occurredAt,
    });
    await this.attempts.connection(tx, 'connected', payload, meta);
  }
}
