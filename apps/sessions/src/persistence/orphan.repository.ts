import { Injectable } from '@nestjs/common';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { OrphanReason } from '../domain/transaction.js';
import { keyOfMessage, type TransactionMessage } from '../domain/transaction-message.js';
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
  readonly transaction_ref: string;
  readonly occurred_at: Date;
  readonly received_at: Date;
  readonly message: Json<TransactionMessage>;
}

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

  /** Not adopted ones, newest first. */
  list(tx: Tx, tenant: string, page: { limit: number; after: SortKey | undefined }): Promise<OrphanRow[]> {
    const [receivedAt, id] = page.after ?? [];
    return tx.query<OrphanRow>(
      `SELECT id, station_id, kind, transaction_ref, occurred_at, received_at, message FROM orphan_message
       WHERE tenant = $1 AND adopted_by IS NULL
         AND ($2::timestamptz IS NULL OR (received_at, id) < ($2::timestamptz, $3::uuid))
       ORDER BY received_at DESC, id DESC LIMIT $4`,
      [tenant, receivedAt ?? null, id ?? null, page.limit],
    );
  }
}
