import { events } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import { hasFirmwareFailed } from '../domain/firmware-update.js';
import type { FirmwareRow } from '../persistence/firmware-update.repository.js';
import type { NamedPlace } from './station-place.js';

export function announceFirmware(tx: Tx, row: FirmwareRow, place: NamedPlace): void {
  tx.publish(events.firmwareUpdateChanged, {
    aggregateId: row.id,
    aggregateVersion: row.version,
    occurredAt: row.updated_at,
    payload: {
      firmwareUpdateId: row.id,
      stationId: row.station_id,
      ...place,
      kind: row.kind,
      status: row.status,
      failed: hasFirmwareFailed(row.status),
      location: row.location,
    },
  });
  tx.live('station', row.station_id);
}
