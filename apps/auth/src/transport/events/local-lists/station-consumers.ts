import { Injectable } from '@nestjs/common';
import { events, type ocppGateway, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { FollowStations } from '../../../usecases/local-lists/follow-stations.js';

@Injectable()
export class ListStationConnectedConsumer implements EventHandler<ocppGateway.StationConnected> {
  readonly event = events.stationConnected;

  constructor(private readonly follow: FollowStations) {}

  handle(tx: Tx, payload: ocppGateway.StationConnected, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  /** Fleets come back at once. */
  handleTogether(tx: Tx, seen: readonly Received<ocppGateway.StationConnected>[]): Promise<void> {
    return this.follow.connected(tx, seen[0]!.meta.tenant, seen.map(({ payload }) => payload)); // prettier-ignore
  }
}

@Injectable()
export class ListStationDisconnectedConsumer implements EventHandler<ocppGateway.StationDisconnected> {
  readonly event = events.stationDisconnected;

  constructor(private readonly follow: FollowStations) {}

  handle(tx: Tx, payload: ocppGateway.StationDisconnected, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  handleTogether(tx: Tx, gone: readonly Received<ocppGateway.StationDisconnected>[]): Promise<void> {
    return this.follow.disconnected(tx, gone[0]!.meta.tenant, gone.map(({ payload }) => payload)); // prettier-ignore
  }
}

@Injectable()
export class ListStationChangedConsumer implements EventHandler<sessions.StationChanged> {
  readonly event = events.stationChanged;
  readonly sideBySide = true;

  constructor(private readonly follow: FollowStations) {}

  async handle(tx: Tx, { station }: sessions.StationChanged, { tenant }: EventMeta): Promise<void> {
    if (!station) return;
    const { stationId, locationId } = station;
    await this.follow.placed(tx, tenant, { stationId, locationId });
  }
}

/** An operator wrote a list by hand. */
@Injectable()
export class LocalListOverwrittenConsumer implements EventHandler<sessions.LocalListOverwritten> {
  readonly event = events.localListOverwritten;

  constructor(private readonly follow: FollowStations) {}

  handle(tx: Tx, { stationId }: sessions.LocalListOverwritten, { tenant }: EventMeta): Promise<void> {
    return this.follow.overwritten(tx, tenant, stationId);
  }
}
