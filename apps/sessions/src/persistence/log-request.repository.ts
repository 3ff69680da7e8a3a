import { Injectable } from '@nestjs/common';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { LogStatus } from '../domain/log-request.js';

export type LogKind = 'DIAGNOSTICS' | 'SECURITY';

export interface LogRow {
  readonly id: string;
  readonly station_id: string;
  readonly kind: LogKind;
  readonly request_id: number;
  readonly status: LogStatus;
  /** The station's own word, when it says more than the status. */
  readonly detail: string;
  readonly file_name: string;
  readonly size_bytes: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly updated_at: Date;
  readonly version: number;
}

@Injectable()
export class LogRequestRepository {
  async add(
    tx: Tx,
    tenant: string,
    row: Pick<LogRow, 'id' | 'station_id' | 'kind' | 'request_id' | 'requested_by' | 'requested_at'>,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO log_request (tenant, id, station_id, kind, request_id, status, requested_by, requested_at, updated_at,
         version) VALUES ($1, $2, $3, $4, $5, 'REQUESTED', $6, $7, $7, 1)`,
      [tenant, row.id, row.station_id, row.kind, row.request_id, row.requested_by, row.requested_at],
    );
  }

  async save(tx: Tx, tenant: string, row: LogRow): Promise<void> {
    await tx.query(
      `UPDATE log_request SET status = $3, detail = $4, file_name = $5, size_bytes = $6, updated_at = $7, version = $8
       WHERE tenant = $1 AND id = $2`,
      [tenant, row.id, row.status, row.detail, row.file_name, row.size_bytes, row.updated_at, row.version],
    );
  }

  async lock(tx: Tx, tenant: string, id: string): Promise<LogRow | undefined> {
    const [row] = await tx.query<LogRow>(
      'SELECT * FROM log_request WHERE tenant = $1 AND id = $2 FOR UPDATE',
      [tenant, id],
    );
    return row;
  }

  async find(tx: Tx, tenant: string, id: string): Promise<LogRow | undefined> {
    const [row] = await tx.query<LogRow>('SELECT * FROM log_request WHERE tenant = $1 AND id = $2', [
      tenant,
      id,
    ]);
    return row;
  }

  /** With a request id the one that has it, else the newest. */
  async lockSpokenOf(
    tx: Tx,
    tenant: string,
    stationId: string,
    requestId: number | undefined,
  ): Promise<LogRow | undefined> {
    const [row] = await tx.query<LogRow>(
      `SELECT * FROM log_request WHERE tenant = $1 AND station_id = $2 AND ($3::int IS NULL OR request_id = $3::int)
       ORDER BY requested_at DESC, id DESC LIMIT 1 FOR UPDATE`,
      [tenant, stationId, requestId ?? null],
    );
    return row;
  }

  /** Latest first. */
  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<LogRow[]> {
    const [requestedAt, id] = page.after ?? [];
    return tx.query<LogRow>(
      `SELECT * FROM log_request WHERE tenant = $1 AND station_id = $2
         AND ($3::timestamptz IS NULL OR (requested_at, id) < ($3::timestamptz, $4::uuid))
       ORDER BY requested_at DESC, id DESC LIMIT $5`,
      [tenant, stationId, requestedAt ?? null, id ?? null, page.limit],
    );
  }

  /** Of all tenants. */
  forget(tx: Tx, before: Date, limit: number): Promise<{ tenant: string }[]> {
    return tx.query<{ tenant: string }>(
      `DELETE FROM log_request WHERE (tenant, id) IN (SELECT tenant, id FROM log_request WHERE requested_at < $1
         ORDER BY requested_at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING tenant`,
      [before, limit],
    );
  }
}
