import { Injectable } from '@nestjs/common';
import type { SortKey, Tx } from '@kilowatch/platform';
import { PLACE_COLUMNS, type PlaceRow } from './variable-place.js';

export interface MonitorRow extends PlaceRow {
  readonly monitor_id: number;
  readonly kind: string;
  readonly value: string;
  readonly severity: number;
  readonly only_in_transaction: boolean;
  readonly notification_type: string;
  readonly reported_at: Date;
}

export type NewMonitor = Omit<MonitorRow, 'reported_at'>;

const FACTS = 'kind, value, severity, only_in_transaction, notification_type';

/** Monitors of stations, as reports tell of them and as we set them. */
@Injectable()
export class MonitorRepository {
  /** The newest of a monitor's number counts. False = unknown station. */
  async save(
    tx: Tx,
    tenant: string,
    stationId: string,
    monitors: readonly NewMonitor[],
    at: Date,
  ): Promise<boolean> {
    const rows = new Map(monitors.map((monitor) => [monitor.monitor_id, monitor]));
    const known = await tx.query(
      `WITH known AS (SELECT id FROM station WHERE tenant = $1 AND id = $2), saved AS (
         INSERT INTO station_monitor AS held (tenant, station_id, monitor_id, ${PLACE_COLUMNS}, ${FACTS}, reported_at)
         SELECT $1, known.id, monitor_id, ${PLACE_COLUMNS}, ${FACTS}, $4::timestamptz
         FROM known, jsonb_populate_recordset(NULL::station_monitor, $3::jsonb)
         ON CONFLICT ON CONSTRAINT station_monitor_pk DO UPDATE SET component = excluded.component,
           component_instance = excluded.component_instance, evse_number = excluded.evse_number,
           connector_number = excluded.connector_number, variable = excluded.variable,
           variable_instance = excluded.variable_instance, kind = excluded.kind, value = excluded.value,
           severity = excluded.severity, only_in_transaction = excluded.only_in_transaction,
           notification_type = coalesce(nullif(excluded.notification_type, ''), held.notification_type),
           reported_at = excluded.reported_at
         WHERE held.reported_at <= excluded.reported_at)
       SELECT id FROM known`,
      [tenant, stationId, JSON.stringify([...rows.values()]), at],
    );
    return known.length === 1;
  }

  async remove(tx: Tx, tenant: string, stationId: string, monitorIds: readonly number[]): Promise<void> {
    await tx.query(
      'DELETE FROM station_monitor WHERE tenant = $1 AND station_id = $2 AND monitor_id = ANY ($3::integer[])',
      [tenant, stationId, monitorIds],
    );
  }

  /** Monitors that somebody set: a new base removes them from the station. */
  async removeCustom(tx: Tx, tenant: string, stationId: string): Promise<void> {
    await tx.query(
      `DELETE FROM station_monitor WHERE tenant = $1 AND station_id = $2 AND notification_type = 'CustomMonitor'`,
      [tenant, stationId],
    );
  }

  /** What a monitor looks at. */
  async placeOf(tx: Tx, tenant: string, stationId: string, monitorId: number): Promise<PlaceRow | undefined> {
    const [row] = await tx.query<PlaceRow>(
      `SELECT ${PLACE_COLUMNS} FROM station_monitor WHERE tenant = $1 AND station_id = $2 AND monitor_id = $3`,
      [tenant, stationId, monitorId],
    );
    return row;
  }

  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<MonitorRow[]> {
    return tx.query<MonitorRow>(
      `SELECT monitor_id, ${PLACE_COLUMNS}, ${FACTS}, reported_at FROM station_monitor
       WHERE tenant = $1 AND station_id = $2 AND ($3::integer IS NULL OR monitor_id > $3)
       ORDER BY monitor_id LIMIT $4`,
      [tenant, stationId, page.after?.[0] ?? null, page.limit],
    );
  }
}
