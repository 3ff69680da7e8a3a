import { Injectable } from '@nestjs/common';
import type { StreamData } from '@kilowatch/ocpp';
import type { SortKey, Tx } from '@kilowatch/platform';
import { MOST_KEPT, type Opening, type StreamValue } from '../domain/event-stream.js';
import { PLACE_COLUMNS, prefixed, type PlaceRow } from './variable-place.js';

export interface EventStreamRow extends Partial<PlaceRow> {
  readonly station_id: string;
  readonly stream_id: number;
  readonly monitor_id: number;
  readonly interval_seconds: number | null;
  readonly values_at_most: number | null;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly told_at: Date | null;
  readonly pending: number;
  readonly received: string;
}

export interface StreamValueRow {
  readonly at: Date;
  readonly value: string;
  readonly received_at: Date;
}

export interface OpenStream {
  readonly monitorId: number;
  /** Values that were told since it was opened first. */
  readonly received: number;
}

const FACTS =
  'stream_id, monitor_id, interval_seconds, values_at_most, opened_at, closed_at, told_at, pending, received';
const MAX_VALUE = 2_500;

/** Streams of 2.1 stations and the values that came in them. */
@Injectable()
export class EventStreamRepository {
  /** What an opening is judged by; undefined = unknown station. */
  async opening(
    tx: Tx,
    tenant: string,
    stationId: string,
    { streamId, monitorId }: Pick<StreamData, 'streamId' | 'monitorId'>,
  ): Promise<Opening | undefined> {
    const [row] = await tx.query<{ monitor_known: boolean; is_open: boolean; open: string }>(
      `SELECT EXISTS (SELECT FROM station_monitor m WHERE m.tenant = s.tenant AND m.station_id = s.id
           AND m.monitor_id = $3) AS monitor_known,
         EXISTS (SELECT FROM event_stream e WHERE e.tenant = s.tenant AND e.station_id = s.id AND e.stream_id = $4
           AND e.closed_at IS NULL) AS is_open,
         (SELECT count(*) FROM event_stream e WHERE e.tenant = s.tenant AND e.station_id = s.id
           AND e.closed_at IS NULL) AS open
       FROM station s WHERE s.tenant = $1 AND s.id = $2`,
      [tenant, stationId, monitorId, streamId],
    );
    return row && { monitorKnown: row.monitor_known, isOpen: row.is_open, open: Number(row.open) };
  }

  /** These are open from now on; those that are open already stay so since then. */
  async open(
    tx: Tx,
    tenant: string,
    stationId: string,
    streams: readonly StreamData[],
    at: Date,
  ): Promise<void> {
    const rows = new Map(
      streams.map(({ streamId, monitorId, intervalSeconds, values }) => [
        streamId,
        {
          stream_id: streamId,
          monitor_id: monitorId,
          interval_seconds: intervalSeconds,
          values_at_most: values,
        },
      ]),
    );
    await tx.query(
      `INSERT INTO event_stream AS held (tenant, station_id, stream_id, monitor_id, interval_seconds, values_at_most, opened_at)
       SELECT $1, $2, stream_id, monitor_id, interval_seconds, values_at_most, $4
       FROM jsonb_populate_recordset(NULL::event_stream, $3::jsonb)
       ON CONFLICT ON CONSTRAINT event_stream_pk DO UPDATE SET monitor_id = excluded.monitor_id,
         interval_seconds = excluded.interval_seconds, values_at_most = excluded.values_at_most, closed_at = NULL,
         opened_at = CASE WHEN held.closed_at IS NULL THEN held.opened_at ELSE excluded.opened_at END`,
      [tenant, stationId, JSON.stringify([...rows.values()]), at],
    );
  }

  /** False: no such stream is open. */
  async close(tx: Tx, tenant: string, stationId: string, streamId: number, at: Date): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE event_stream SET closed_at = $4
       WHERE tenant = $1 AND station_id = $2 AND stream_id = $3 AND closed_at IS NULL RETURNING 1`,
      [tenant, stationId, streamId, at],
    );
    return rows.length > 0;
  }

  /** All but these are closed: the station listed what is open. */
  async closeOthers(
    tx: Tx,
    tenant: string,
    stationId: string,
    streamIds: readonly number[],
    at: Date,
  ): Promise<void> {
    await tx.query(
      `UPDATE event_stream SET closed_at = $4
       WHERE tenant = $1 AND station_id = $2 AND NOT stream_id = ANY ($3::integer[]) AND closed_at IS NULL`,
      [tenant, stationId, streamIds, at],
    );
  }

  /** What is null stays as it was. */
  async adjust(
    tx: Tx,
    tenant: string,
    stationId: string,
    { streamId, intervalSeconds, values }: Omit<StreamData, 'monitorId'>,
  ): Promise<void> {
    await tx.query(
      `UPDATE event_stream SET interval_seconds = coalesce($4, interval_seconds), values_at_most = coalesce($5, values_at_most)
       WHERE tenant = $1 AND station_id = $2 AND stream_id = $3`,
      [tenant, stationId, streamId, intervalSeconds, values],
    );
  }

  /** Counts what came in an open stream. Undefined: none of this number is open. */
  async hear(
    tx: Tx,
    tenant: string,
    stationId: string,
    told: { streamId: number; pending: number; count: number },
    at: Date,
  ): Promise<OpenStream | undefined> {
    const [row] = await tx.query<{ monitor_id: number; received: string }>(
      `UPDATE event_stream SET told_at = $5, pending = $4, received = received + $6
       WHERE tenant = $1 AND station_id = $2 AND stream_id = $3 AND closed_at IS NULL RETURNING monitor_id, received`,
      [tenant, stationId, told.streamId, told.pending, at, told.count],
    );
    return row && { monitorId: row.monitor_id, received: Number(row.received) };
  }

  /** Each once, by its time. */
  async addValues(
    tx: Tx,
    tenant: string,
    stationId: string,
    monitorId: number,
    values: readonly StreamValue[],
    at: Date,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO event_stream_value (tenant, station_id, monitor_id, at, value, received_at)
       SELECT $1, $2, $3, v.*, $6 FROM unnest($4::timestamptz[], $5::text[]) v
       ON CONFLICT ON CONSTRAINT event_stream_value_pk DO NOTHING`,
      [
        tenant,
        stationId,
        monitorId,
        values.map((each) => each.at),
        values.map(({ value }) => value.slice(0, MAX_VALUE)),
        at,
      ],
    );
  }

  /** The oldest values of a monitor go, beyond those that are kept. */
  async trim(tx: Tx, tenant: string, stationId: string, monitorId: number): Promise<void> {
    await tx.query(
      `DELETE FROM event_stream_value WHERE tenant = $1 AND station_id = $2 AND monitor_id = $3 AND at <= (
         SELECT at FROM event_stream_value WHERE tenant = $1 AND station_id = $2 AND monitor_id = $3
         ORDER BY at DESC OFFSET $4 LIMIT 1)`,
      [tenant, stationId, monitorId, MOST_KEPT],
    );
  }

  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<EventStreamRow[]> {
    return tx.query<EventStreamRow>(
      `SELECT e.station_id, ${prefixed('e', FACTS)}, ${prefixed('m', PLACE_COLUMNS)}
       FROM event_stream e LEFT JOIN station_monitor m ON m.tenant = e.tenant AND m.station_id = e.station_id
         AND m.monitor_id = e.monitor_id
       WHERE e.tenant = $1 AND e.station_id = $2 AND ($3::integer IS NULL OR e.stream_id > $3)
       ORDER BY e.stream_id LIMIT $4`,
      [tenant, stationId, page.after?.[0] ?? null, page.limit],
    );
  }

  /** Latest first. */
  values(
    tx: Tx,
    tenant: string,
    stationId: string,
    monitorId: number,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<StreamValueRow[]> {
    return tx.query<StreamValueRow>(
      `SELECT at, value, received_at FROM event_stream_value WHERE tenant = $1 AND station_id = $2 AND monitor_id = $3
         AND ($4::timestamptz IS NULL OR at < $4) ORDER BY at DESC LIMIT $5`,
      [tenant, stationId, monitorId, page.after?.[0] ?? null, page.limit],
    );
  }

  /** Values of all tenants that came before `until`; returns what went. */
  forgetValues(tx: Tx, until: Date, limit: number): Promise<{ tenant: string }[]> {
    return tx.query<{ tenant: string }>(
      `DELETE FROM event_stream_value WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM event_stream_value WHERE received_at < $1 LIMIT $2)) RETURNING tenant`,
      [until, limit],
    );
  }

  /** Streams of all tenants that were closed before `until`. */
  forgetClosed(tx: Tx, until: Date, limit: number): Promise<{ tenant: string }[]> {
    return tx.query<{ tenant: string }>(
      `DELETE FROM event_stream WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM event_stream WHERE closed_at < $1 LIMIT $2)) RETURNING tenant`,
      [until, limit],
    );
  }
}
