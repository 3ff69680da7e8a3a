import { Injectable } from '@nestjs/common';
import { notFound } from '@kilowatch/kernel';
import { batchLoad, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ofTenant, ReadPlaces } from '../../usecases/read-places.js';
import {
  connectorNode,
  stationNode,
  type ConnectorNode,
  type LocationNode,
  type StationNode,
} from './nodes.js';

/** What stands behind something the person sees already: one query per request and kind. */
@Injectable()
export class PlaceLoader {
  constructor(private readonly places: ReadPlaces) {}

  async station(context: GraphqlContext, principal: Principal, id: string): Promise<StationNode> {
    const view = await batchLoad(context, 'sessions.station', id, async (ids) =>
      byId(await this.places.stations(principal, ids, ofTenant(principal))),
    );
    if (!view) throw notFound('SESSIONS_STATION_UNKNOWN', 'There is no such station.');
    return stationNode(view);
  }

  async location(context: GraphqlContext, principal: Principal, id: string): Promise<LocationNode> {
    const view = await batchLoad(context, 'sessions.location', id, async (ids) =>
      byId(await this.places.locations(principal, ids, ofTenant(principal))),
    );
    if (!view) throw notFound('SESSIONS_LOCATION_UNKNOWN', 'There is no such location.');
    return view;
  }

  async connector(context: GraphqlContext, principal: Principal, id: string): Promise<ConnectorNode | null> {
    const view = await batchLoad(context, 'sessions.connector', id, async (ids) =>
      byId(await this.places.connectors(principal, ids, ofTenant(principal))),
    );
    return view ? connectorNode(view) : null;
  }
}

export function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
