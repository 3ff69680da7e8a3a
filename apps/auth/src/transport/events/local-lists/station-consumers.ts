import { Injectable } from '@nestjs/common';
import { events, type ocppGateway, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowStations } from '../../../usecases/local-lists/follow-stations.js';

@Injectable()
export class ListStationConnectedConsumer implements EventHandler<ocppGateway.StationConnected> {
  readonly event = events.stationConnected;

  constructor(private readonly follow: FollowStations) {}

  handle(tx: Tx, seen: ocppGateway.StationConnected, { tenant }: EventMeta): Promise<void> {
    const { stationId, protocol, generation } = seen;
    return this.follow.connected(tx, tenant, { stationId, protocol, generation });
  }
}

@Injectable()
export class ListStationDisconnectedConsumer implements EventHandler<ocppGateway.StationDisconnected> {
  readonly event = events.stationDisconnected;

  constructor(private readonly follow: FollowStations) {}

  handle(tx: Tx, seen: ocppGateway.StationDisconnected, { tenant }: EventMeta): Promise<void> {
    const { stationId, generation } = seen;
    return this.follow.disconnected(tx, tenant, { stationId, generation });
  }
}

@Injectable()
export class ListStationChangedConsumer implements EventHandler<sessions.StationChanged> {
  readonly event = events.stationChanged;

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
