import { notFound } from '@kilowatch/kernel';
import { mayAll, type Principal, type Tx } from '@kilowatch/platform';
import type { ConnectorView, StationView } from '../persistence/place-view.js';
import type { PlaceRepository } from '../persistence/place.repository.js';

export interface ConnectorTarget {
  readonly station: StationView;
  readonly connector: ConnectorView;
}

/** A connector that somebody means, with its station. Throws NOT_FOUND; for a driver also where it is not published. */
export async function connectorTarget(
  tx: Tx,
  places: PlaceRepository,
  principal: Principal,
  connectorId: string,
): Promise<ConnectorTarget> {
  const scope = { tenant: principal.tenant, publishedOnly: !mayAll(principal, 'sessions:write') };
  const [connector] = await places.connectors(tx, scope, [connectorId]);
  const [station] = connector ? await places.stations(tx, scope, [connector.stationId]) : [];
  if (!connector || !station) throw notFound('SESSIONS_CONNECTOR_UNKNOWN', 'There is no such connector.');
  return { station, connector };
}
