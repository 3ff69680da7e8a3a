import { events } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import type { LocationView, StationView } from '../persistence/place-view.js';
import { stationMessage } from './place-messages.js';

export function announceStation(tx: Tx, station: StationView, location: LocationView, at: Date): void {
  tx.publish(events.stationChanged, {
    aggregateId: station.id,
    aggregateVersion: station.version,
    occurredAt: at,
    payload: {
      station: stationMessage(station),
      locationName: location.name,
      timeZone: location.timeZone,
    },
  });
  tx.live('station', station.id, station.version);
}
