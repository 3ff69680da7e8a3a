import { Injectable } from '@nestjs/common';
import { isUuid } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { ReviewedOrphan } from '../domain/orphan-review.js';
import type { OrphanReason } from '../domain/transaction.js';
import { keyOfMessage, type TransactionMessage } from '../domain/transaction-message.js';
import { orphanOf } from './orphan-row.js';
import type { Json } from './session-row.js';

export interface NewOrphan {
  readonly id: string;
  readonly stationId: string;
  readonly reason: OrphanReason;
  readonly message: TransactionMessage;
}

export interface OrphanRow {
  readonly id: string;
  readonly station_id: string;
  readonly kind: string;
  readonly reason: OrphanReason;
  readonly transaction_ref: string;
  readonly occurred_at: Date;
  readonly received_at: Date;
  readonly message: Json<TransactionMessage>;
  readonly adopted_by: string | null;
  readonly dismissed: boolean;
  readonly reviewed_by: string;
  readonly reviewed_at: Date | null;
  readonly review_note: string;
}

export interface OrphanFilter {
  /** True: those that wait for a decision, false: the others; absent: all. */
  readonly open?: boolean | null;
  readonly stationId?: string | null;
  readonly kind?: string | null;
}

export interface Review {
  readonly dismissed: boolean;
  readonly note: string;
  readonly by: string;
  readonly at: Date;
}

const COLUMNS = `id, station_id, kind, reason, transaction_ref, occurred_at, received_at, message, adopted_by, dismissed,
  reviewed_by, reviewed_at, review_note`;
const OPEN = 'adopted_by IS NULL AND NOT dismissed';

@Injectable()
export class OrphanRepository {
  /** False when the same message is kept already. */
  async add(tx: Tx, tenant: string, orphan: NewOrphan): Promise<boolean> {
    const { message } = orphan;
    const rows = await tx.query(
      `INSERT INTO orphan_message (tenant, id, station_id, transaction_ref, kind, reason, message_key, message,
         occurred_at, received_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT ON CONSTRAINT orphan_message_key DO NOTHING RETURNING id`,
      [
        tenant,
        orphan.id,
        orphan.stationId,
        message.transactionRef,
        message.kind,
        orphan.reason,
        keyOfMessage(message),
        JSON.stringify(message),
        message.at,
        message.receivedAt,
      ],
    );
    return rows.length === 1;
  }

  /** Newest first, beyond the cursor (received at, id). */
  list(
    tx: Tx,
    tenant: string,
    filter: OrphanFilter,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<OrphanRow[]> {
    const { where, params } = filtered(tenant, filter);
    const [receivedAt, id] = page.after ?? [];
    const n = params.length;
    const beyond =
      receivedAt === undefined ? '' : `AND (received_at, id) < ($${n + 2}::timestamptz, $${n + 3}::uuid)`;
    return tx.query<OrphanRow>(
      `SELECT ${COLUMNS} FROM orphan_message WHERE ${where} ${beyond}
       ORDER BY received_at DESC, id DESC LIMIT $${n + 1}`,
      [...params, page.limit, ...(receivedAt === undefined ? [] : [receivedAt, id])],
    );
  }

  async count(tx: Tx, tenant: string, filter: OrphanFilter): Promise<number> {
    const { where, params } = filtered(tenant, filter);
    const rows = await tx.query<{ total: number }>(
      `SELECT count(*)::int AS total FROM orphan_message WHERE ${where}`,
      params,
    );
    return rows[0]!.total;
  }

  async rowsOf(tx: Tx, tenant: string, ids: readonly string[]): Promise<OrphanRow[]> {
    return tx.query<OrphanRow>(
      `SELECT ${COLUMNS} FROM orphan_message WHERE tenant = $1 AND id = ANY ($2::uuid[])`,
      [tenant, ids.filter(isUuid)],
    );
  }

  async find(tx: Tx, tenant: string, id: string): Promise<ReviewedOrphan | undefined> {
    const [row] = await this.rowsOf(tx, tenant, [id]);
    return row && reviewedOrphan(row);
  }

  async review(tx: Tx, tenant: string, id: string, { dismissed, note, by, at }: Review): Promise<void> {
    await tx.query(
      `UPDATE orphan_message SET dismissed = $3, review_note = $4, reviewed_by = $5, reviewed_at = $6
       WHERE tenant = $1 AND id = $2`,
      [tenant, id, dismissed, note, by, at],
    );
  }
}

export function reviewedOrphan(row: OrphanRow): ReviewedOrphan {
  return {
    ...orphanOf(row),
    stationId: row.station_id,
    adoptedBy: row.adopted_by ?? undefined,
    dismissed: row.dismissed,
  };
}

/** Only the conditions asked for. A station id that can be none of ours has no messages. */
function filtered(
  tenant: string,
  { open, stationId, kind }: OrphanFilter,
): { where: string; params: unknown[] } {
  const params: unknown[] = [tenant];
  const conditions = ['tenant = $1'];
  if (open != null) conditions.push(open ? OPEN : `NOT (${OPEN})`);
  if (stationId) conditions.push(isUuid(stationId) ? `station_id = $${params.push(stationId)}` : 'false');
  if (kind) conditions.push(`kind = $${params.push(kind)}`);
  return { where: conditions.join(' AND '), params };
}
