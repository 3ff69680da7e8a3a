import { events } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import type { Connector } from '../domain/connector.js';
import type { StationContext } from '../persistence/station-context.js';

export function announceConnector(
  tx: Tx,
  before: Connector,
  after: Connector,
  station: StationContext,
): void {
  tx.live('station', station.stationId);
  if (!isAnnounced(before, after)) return;
  tx.publish(events.connectorStatusChanged, {
    aggregateId: after.connectorId,
    aggregateVersion: after.version,
    occurredAt: after.shownAt ?? after.statusSince!,
    payload: {
      stationId: station.stationId,
      stationIdentity: station.identity,
      locationId: station.locationId,
      connectorId: after.connectorId,
      evseNumber: after.evseNumber,
      connectorNumber: after.number,
      previousStatus: before.status,
      status: after.status,
      errorCode: after.errorCode,
      vendorErrorCode: after.vendorErrorCode,
      info: after.info,
    },
  });
}

/** Occupied where Preparing is shown already is no news; a new error code in a faulted state is. */
function isAnnounced(before: Connector, after: Connector): boolean {
  return (
    before.status !== after.status ||
    before.errorCode !== after.errorCode ||
    before.vendorErrorCode !== after.vendorErrorCode
  );
}
