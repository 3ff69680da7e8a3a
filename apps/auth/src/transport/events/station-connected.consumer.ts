import { Injectable } from '@nestjs/common';
import { events, type ocppGateway } from '@kilowatch/contracts';
import { sideBySide, type EventHandler, type EventMeta, type Received, type Tx } from '@kilowatch/platform';
import { AttemptsInEvents } from '../../usecases/attempts-in-events.js';
import { FollowArrivals } from '../../usecases/follow-arrivals.js';

@Injectable()
export class StationConnectedConsumer implements EventHandler<ocppGateway.StationConnected> {
  readonly event = events.stationConnected;

  constructor(
    private readonly follow: FollowArrivals,
    private readonly attempts: AttemptsInEvents,
  ) {}

  handle(tx: Tx, payload: ocppGateway.StationConnected, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  async handleTogether(tx: Tx, seen: readonly Received<ocppGateway.StationConnected>[]): Promise<void> {
    await sideBySide(
      seen,
      ({ payload }) => payload.stationId,
      ({ payload, meta }) =>
        this.follow.arrived(tx, {
          tenant: meta.tenant,
          stationId: payload.stationId,
          generation: payload.generation,
          protocol: payload.protocol,
          securityProfile: payload.securityProfile,
          credentialId: payload.credentialId ?? '',
          at: meta.occurredAt,
        }),
    );
    await this.attempts.connections(tx, 'connected', seen);
  }
}
