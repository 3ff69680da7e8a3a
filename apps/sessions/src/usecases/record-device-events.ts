import { Inject, Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { IdSource, TenantId } from '@kilowatch/kernel';
import { Database, IDS, tenantScope, type Tx } from '@kilowatch/platform';
import { isTrouble, variableLabel } from '../domain/device-event.js';
import { DeviceEventRepository, type DeviceEventRow } from '../persistence/device-event.repository.js';
import { stationUnknown } from '../persistence/situation.repository.js';
import { nameOfRow } from '../persistence/variable-place.js';
import type { StationContact } from './record-station-message.js';

/** NotifyEvent: kept once; trouble, and its end, is told to whoever listens. */
@Injectable()
export class RecordDeviceEvents {
  constructor(
    private readonly database: Database,
    private readonly rows: DeviceEventRepository,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async record(
    tenant: TenantId,
    contact: StationContact,
    { events: told }: sessions.DeviceEvents,
  ): Promise<void> {
    const { stationId, receivedAt } = contact;
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const all = told.map((event) => ({
        id: this.ids.newId(),
        occurredAt: event.occurredAt ?? receivedAt,
        told: event,
      }));
      const added = await this.rows.add(tx, tenant, { stationId, receivedAt }, all);
      if (!added) throw stationUnknown(stationId);
      for (const event of added) if (isTrouble(event.severity)) announce(tx, stationId, event);
      if (added.length > 0) tx.live('station', stationId);
    });
  }
}

function announce(tx: Tx, stationId: string, event: DeviceEventRow): void {
  const { evseNumber, connectorNumber, instance: variableInstance, ...name } = nameOfRow(event);
  tx.publish(events.deviceEventRecorded, {
    aggregateId: event.id,
    aggregateVersion: 1,
    occurredAt: event.occurred_at,
    payload: {
      deviceEventId: event.id,
      stationId,
      variable: variableLabel({ ...name, variableInstance }),
      evseNumber: evseNumber ?? undefined,
      connectorNumber: connectorNumber ?? undefined,
      severity: event.severity ?? 0,
      cleared: event.cleared,
      actualValue: event.actual_value,
      techCode: event.tech_code,
      techInfo: event.tech_info,
    },
  });
}
