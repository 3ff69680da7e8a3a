import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { isSecretSetting } from '@kilowatch/ocpp';
import type { SortKey, Tx } from '@kilowatch/platform';
import { nameOfRow, PLACE_COLUMNS, prefixed, rowOfPlace, type PlaceRow } from './variable-place.js';

export interface DeviceEventRow extends PlaceRow {
  readonly id: string;
  readonly event_id: number;
  readonly occurred_at: Date;
  readonly received_at: Date;
  readonly trigger: string;
  readonly cause: number | null;
  readonly actual_value: string;
  readonly tech_code: string;
  readonly tech_info: string;
  readonly cleared: boolean;
  readonly transaction_ref: string;
  readonly monitor_id: number | null;
  readonly notification_type: string;
  readonly severity: number | null;
}

export interface NewDeviceEvent {
  readonly id: string;
  readonly occurredAt: Date;
  readonly told: sessions.DeviceEvent;
}

const FACTS = `event_id, occurred_at, trigger, cause, actual_value, tech_code, tech_info, cleared, transaction_ref,
  monitor_id, notification_type`;
const ALL = `id, ${PLACE_COLUMNS}, ${FACTS}, received_at, severity`;
const MAX_VALUE = 2_500;
const MAX_INFO = 500;

@Injectable()
export class DeviceEventRepository {
  /** The new ones among them; undefined = unknown station. One that says no severity has that of its monitor. */
  async add(
    tx: Tx,
    tenant: string,
    at: { stationId: string; receivedAt: Date },
    events: readonly NewDeviceEvent[],
  ): Promise<DeviceEventRow[] | undefined> {
    const rows = await tx.query<Partial<DeviceEventRow>>(
      `WITH known AS (SELECT id FROM station WHERE tenant = $1 AND id = $2), added AS (
         INSERT INTO device_event (tenant, id, station_id, ${PLACE_COLUMNS}, ${FACTS}, received_at, severity)
         SELECT $1, e.id, known.id, ${prefixed('e', PLACE_COLUMNS)}, ${prefixed('e', FACTS)}, $4,
           coalesce(e.severity, m.severity)
         FROM known CROSS JOIN jsonb_populate_recordset(NULL::device_event, $3::jsonb) e
         LEFT JOIN station_monitor m ON m.tenant = $1 AND m.station_id = known.id AND m.monitor_id = e.monitor_id
         ON CONFLICT ON CONSTRAINT device_event_key DO NOTHING
         RETURNING ${ALL})
       SELECT added.* FROM known LEFT JOIN added ON true`,
      [tenant, at.stationId, JSON.stringify(events.map(rowOf)), at.receivedAt],
    );
    if (rows.length === 0) return undefined;
    return rows.filter((row): row is DeviceEventRow => typeof row.id === 'string');
  }

  /** Latest first. */
  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined; leastSevere: number | null },
  ): Promise<DeviceEventRow[]> {
    const [occurredAt, id] = page.after ?? [];
    return tx.query<DeviceEventRow>(
      `SELECT ${ALL} FROM device_event WHERE tenant = $1 AND station_id = $2
         AND ($3::timestamptz IS NULL OR (occurred_at, id) < ($3::timestamptz, $4::uuid))
         AND ($6::integer IS NULL OR severity <= $6)
       ORDER BY occurred_at DESC, id DESC LIMIT $5`,
      [tenant, stationId, occurredAt ?? null, id ?? null, page.limit, page.leastSevere],
    );
  }
}

/** Some stations monitor their password: nobody needs to have it. */
function rowOf({ id, occurredAt, told }: NewDeviceEvent) {
  const place = rowOfPlace(told.place);
  return {
    id,
    ...place,
    event_id: told.eventId,
    occurred_at: occurredAt,
    trigger: told.trigger,
    cause: told.cause ?? null,
    actual_value: isSecretSetting(nameOfRow(place)) ? '' : told.actualValue.slice(0, MAX_VALUE),
    tech_code: told.techCode.slice(0, MAX_INFO),
    tech_info: told.techInfo.slice(0, MAX_INFO),
    cleared: told.cleared,
    transaction_ref: told.transactionRef,
    monitor_id: told.monitorId ?? null,
    notification_type: told.notificationType,
    severity: told.severity ?? null,
  };
}
