import { Injectable } from '@nestjs/common';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { BulkFilter, TargetOutcome } from '../domain/bulk-command.js';

export interface BulkCommand {
  readonly id: string;
  readonly action: string;
  readonly payload: object;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly cancelledAt: Date | null;
  readonly finishedAt: Date | null;
  readonly total: number;
  /** By outcome; those that wait are in none. */
  readonly counts: Readonly<Partial<Record<TargetOutcome, number>>>;
}

export interface BulkTarget {
  readonly stationId: string;
  readonly identity: string;
  readonly outcome: TargetOutcome | null;
  readonly status: string | null;
  readonly errorCode: string | null;
  readonly attempts: number;
  readonly finishedAt: Date | null;
}

/** A target whose turn it is, with what it is to be sent. */
export interface DueTarget {
  readonly tenant: string;
  readonly bulkId: string;
  readonly stationId: string;
  readonly attempts: number;
  readonly action: string;
  readonly payload: object;
  readonly requestedBy: string;
}

interface BulkRow {
  id: string;
  action: string;
  payload: object;
  requested_by: string;
  requested_at: Date;
  cancelled_at: Date | null;
  finished_at: Date | null;
  total: number;
  counts: Partial<Record<TargetOutcome, number>> | null;
}

const COLUMNS = `b.id, b.action, b.payload, b.requested_by, b.requested_at, b.cancelled_at, b.finished_at, b.total,
  (SELECT jsonb_object_agg(c.outcome, c.n) FROM (SELECT t.outcome, count(*)::int AS n FROM bulk_command_target t
     WHERE t.tenant = b.tenant AND t.bulk_id = b.id AND t.outcome IS NOT NULL GROUP BY t.outcome) c) AS counts`;

const TAKE = `SELECT t.tenant, t.bulk_id, t.station_id, t.attempts, b.action, b.payload, b.requested_by
  FROM bulk_command_target t JOIN bulk_command b ON b.tenant = t.tenant AND b.id = t.bulk_id
  WHERE t.due_at <= $1 ORDER BY t.due_at LIMIT $2 FOR UPDATE OF t SKIP LOCKED`;

@Injectable()
export class BulkCommandRepository {
  /** Writes the command and its targets in one statement; returns how many stations the filter meets. */
  async begin(
    tx: Tx,
    tenant: string,
    bulk: {
      id: string;
      action: string;
      payload: object;
      filter: BulkFilter;
      requestedBy: string;
      requestedAt: Date;
    },
  ): Promise<number> {
    const { filter } = bulk;
    const [row] = await tx.query<{ total: number }>(
      `WITH met AS (SELECT id, identity FROM station s WHERE s.tenant = $1
           AND ($7::uuid[] IS NULL OR s.id = ANY ($7)) AND ($8::uuid IS NULL OR s.location_id = $8)
           AND ($9::text IS NULL OR lower(s.vendor) = lower($9)) AND ($10::text IS NULL OR lower(s.model) = lower($10))
           AND ($11::text IS NULL OR s.firmware_version = $11) AND ($12::text IS NULL OR s.protocol = $12)
           AND ($13::boolean IS NULL OR s.online = $13)),
         counted AS (SELECT count(*)::int AS total FROM met),
         command AS (INSERT INTO bulk_command (tenant, id, action, payload, filter, requested_by, requested_at, total)
           SELECT $1, $2, $3, $4, $5, $6, $14, total FROM counted RETURNING total),
         targets AS (INSERT INTO bulk_command_target (tenant, bulk_id, station_id, identity, due_at)
           SELECT $1, $2, id, identity, $14 FROM met)
       SELECT total FROM command`,
      [
        tenant,
        bulk.id,
        bulk.action,
        JSON.stringify(bulk.payload),
        JSON.stringify(filter),
        bulk.requestedBy,
        filter.stationIds ?? null,
        filter.locationId ?? null,
        filter.vendor ?? null,
        filter.model ?? null,
        filter.firmwareVersion ?? null,
        filter.protocol ?? null,
        filter.online ?? null,
        bulk.requestedAt,
      ],
    );
    return row?.total ?? 0;
  }

  async find(tx: Tx, tenant: string, id: string): Promise<BulkCommand | undefined> {
    const rows = await tx.query<BulkRow>(
      `SELECT ${COLUMNS} FROM bulk_command b WHERE b.tenant = $1 AND b.id = $2`,
      [tenant, id],
    );
    return rows[0] && bulkOf(rows[0]);
  }

  /** Latest first. */
  async list(
    tx: Tx,
    tenant: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<BulkCommand[]> {
    const [at, id] = page.after ?? [];
    const rows = await tx.query<BulkRow>(
      `SELECT ${COLUMNS} FROM bulk_command b WHERE b.tenant = $1
         AND ($2::timestamptz IS NULL OR (b.requested_at, b.id) < ($2, $3::uuid))
       ORDER BY b.requested_at DESC, b.id DESC LIMIT $4`,
      [tenant, at ?? null, id ?? null, page.limit],
    );
    return rows.map(bulkOf);
  }

  /** By identity. */
  targets(
    tx: Tx,
    tenant: string,
    bulkId: string,
    page: { limit: number; after: SortKey | undefined; outcome?: string | null | undefined },
  ): Promise<BulkTarget[]> {
    const [identity, stationId] = page.after ?? [];
    return tx.query<BulkTarget>(
      `SELECT station_id AS "stationId", identity, outcome, status, error_code AS "errorCode", attempts,
         finished_at AS "finishedAt" FROM bulk_command_target
       WHERE tenant = $1 AND bulk_id = $2 AND ($5::text IS NULL OR outcome = $5)
         AND ($3::text IS NULL OR (lower(identity), station_id) > ($3, $4::uuid))
       ORDER BY lower(identity), station_id LIMIT $6`,
      [tenant, bulkId, identity ?? null, stationId ?? null, page.outcome ?? null, page.limit],
    );
  }

  /** System scope; locked for this transaction. */
  async takeDue(tx: Tx, now: Date, limit: number): Promise<DueTarget[]> {
    const rows = await tx.query<{
      tenant: string;
      bulk_id: string;
      station_id: string;
      attempts: number;
      action: string;
      payload: object;
      requested_by: string;
    }>(TAKE, [now, limit]);
    return rows.map((row) => ({
      tenant: row.tenant,
      bulkId: row.bulk_id,
      stationId: row.station_id,
      attempts: row.attempts,
      action: row.action,
      payload: row.payload,
      requestedBy: row.requested_by,
    }));
  }

  /** The attempt counts from here on; if nobody reports until then it is made again under its own key. */
  async lease(tx: Tx, { tenant, bulkId, stationId }: DueTarget, until: Date): Promise<void> {
    await tx.query(
      `UPDATE bulk_command_target SET attempts = attempts + 1, due_at = $4
       WHERE tenant = $1 AND bulk_id = $2 AND station_id = $3`,
      [tenant, bulkId, stationId, until],
    );
  }

  async again(tx: Tx, { tenant, bulkId, stationId }: DueTarget, at: Date): Promise<void> {
    await tx.query(
      `UPDATE bulk_command_target SET due_at = $4
       WHERE tenant = $1 AND bulk_id = $2 AND station_id = $3 AND outcome IS NULL`,
      [tenant, bulkId, stationId, at],
    );
  }

  /** Writes the outcome (the first stands) and, with the last one, the end of the whole. */
  async finish(
    tx: Tx,
    { tenant, bulkId, stationId }: DueTarget,
    result: { outcome: TargetOutcome; status: string; errorCode: string },
    now: Date,
  ): Promise<void> {
    await tx.query(
      `UPDATE bulk_command_target SET outcome = $4, status = $5, error_code = $6, finished_at = $7, due_at = NULL
       WHERE tenant = $1 AND bulk_id = $2 AND station_id = $3 AND outcome IS NULL`,
      [tenant, bulkId, stationId, result.outcome, result.status, result.errorCode, now],
    );
    await this.closeIfDone(tx, tenant, bulkId, now);
  }

  /** What has not been sent never will be; what is under way ends as it ends. */
  async cancel(tx: Tx, tenant: string, bulkId: string, now: Date): Promise<void> {
    await tx.query(
      `UPDATE bulk_command SET cancelled_at = coalesce(cancelled_at, $3) WHERE tenant = $1 AND id = $2 AND finished_at IS NULL`,
      [tenant, bulkId, now],
    );
    await tx.query(
      `UPDATE bulk_command_target SET outcome = 'CANCELLED', finished_at = $3, due_at = NULL
       WHERE tenant = $1 AND bulk_id = $2 AND outcome IS NULL AND attempts = 0`,
      [tenant, bulkId, now],
    );
    await this.closeIfDone(tx, tenant, bulkId, now);
  }

  private async closeIfDone(tx: Tx, tenant: string, bulkId: string, now: Date): Promise<void> {
    // The row is locked first, so that of two last targets the later one sees both.
    await tx.query('SELECT 1 FROM bulk_command WHERE tenant = $1 AND id = $2 FOR UPDATE', [tenant, bulkId]);
    await tx.query(
      `UPDATE bulk_command SET finished_at = $3 WHERE tenant = $1 AND id = $2 AND finished_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM bulk_command_target t WHERE t.tenant = $1 AND t.bulk_id = $2 AND t.outcome IS NULL)`,
      [tenant, bulkId, now],
    );
  }
}

function bulkOf(row: BulkRow): BulkCommand {
  return {
    id: row.id,
    action: row.action,
    payload: row.payload,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    cancelledAt: row.cancelled_at,
    finishedAt: row.finished_at,
    total: row.total,
    counts: row.counts ?? {},
  };
}
