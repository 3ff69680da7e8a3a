import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';

export interface DisplayMessageRow {
  readonly number: number;
  readonly priority: string;
  readonly state: string;
  readonly format: string;
  readonly language: string;
  readonly content: string;
  readonly start_at: Date | null;
  readonly end_at: Date | null;
  readonly transaction_ref: string;
  readonly updated_at: Date;
}

/** A station holds few; what a broken one sends beyond is not kept. */
const MOST_SHOWN = 500;

@Injectable()
export class DisplayMessageRepository {
  async save(
    tx: Tx,
    tenant: string,
    stationId: string,
    messages: readonly DisplayMessageRow[],
    seenIn: number | null,
  ): Promise<void> {
    if (messages.length === 0) return;
    // The last of several with one number counts, as on the station.
    const unique = [...new Map(messages.map((message) => [message.number, message])).values()];
    const column = <K extends keyof DisplayMessageRow>(name: K) => unique.map((message) => message[name]);
    await tx.query(
      `INSERT INTO display_message (tenant, station_id, number, priority, state, format, language, content, start_at, end_at,
         transaction_ref, updated_at, seen_in)
       SELECT $1, $2, m.*, $13 FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
         $9::timestamptz[], $10::timestamptz[], $11::text[], $12::timestamptz[]) m
       ON CONFLICT ON CONSTRAINT display_message_pk DO UPDATE SET priority = excluded.priority, state = excluded.state,
         format = excluded.format, language = excluded.language, content = excluded.content,
         start_at = excluded.start_at, end_at = excluded.end_at, transaction_ref = excluded.transaction_ref,
         updated_at = excluded.updated_at, seen_in = excluded.seen_in`,
      [
        tenant,
        stationId,
        column('number'),
        column('priority'),
        column('state'),
        column('format'),
        column('language'),
        column('content'),
        column('start_at'),
        column('end_at'),
        column('transaction_ref'),
        column('updated_at'),
        seenIn,
      ],
    );
  }

  async remove(tx: Tx, tenant: string, stationId: string, number: number): Promise<void> {
    await tx.query('DELETE FROM display_message WHERE tenant = $1 AND station_id = $2 AND number = $3', [
      tenant,
      stationId,
      number,
    ]);
  }

  async beginRefresh(tx: Tx, tenant: string, stationId: string, requestId: number, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO display_refresh (tenant, station_id, request_id, requested_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT ON CONSTRAINT display_refresh_pk DO UPDATE SET request_id = excluded.request_id,
         requested_at = excluded.requested_at, completed_at = NULL`,
      [tenant, stationId, requestId, at],
    );
  }

  async refreshId(tx: Tx, tenant: string, stationId: string): Promise<number | undefined> {
    const [row] = await tx.query<{ request_id: number }>(
      'SELECT request_id FROM display_refresh WHERE tenant = $1 AND station_id = $2',
      [tenant, stationId],
    );
    return row?.request_id;
  }

  /** The station has told all it shows: the rest is gone, except what was set while it told. */
  async endRefresh(tx: Tx, tenant: string, stationId: string, requestId: number, at: Date): Promise<void> {
    await tx.query(
      `WITH refresh AS (UPDATE display_refresh SET completed_at = $4
         WHERE tenant = $1 AND station_id = $2 AND request_id = $3 RETURNING requested_at)
       DELETE FROM display_message m USING refresh
       WHERE m.tenant = $1 AND m.station_id = $2 AND m.seen_in IS DISTINCT FROM $3::int
         AND m.updated_at < refresh.requested_at`,
      [tenant, stationId, requestId, at],
    );
  }

  list(tx: Tx, tenant: string, stationId: string): Promise<DisplayMessageRow[]> {
    return tx.query<DisplayMessageRow>(
      `SELECT * FROM display_message WHERE tenant = $1 AND station_id = $2 ORDER BY number LIMIT ${MOST_SHOWN}`,
      [tenant, stationId],
    );
  }
}
