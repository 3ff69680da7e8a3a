import type { SortKey, Tx } from '@kilowatch/platform';
import type { ActorKind, AuditEntry } from '../domain/audit.js';

export interface AuditFilter {
  readonly actorId?: string | undefined;
  readonly targetKind?: string | undefined;
  readonly targetId?: string | undefined;
  /** The whole name, or the part before the dot: `account`. */
  readonly action?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

interface Row {
  tenant: string;
  id: string;
  occurred_at: Date;
  actor_kind: ActorKind;
  actor_id: string;
  address: string | null;
  action: string;
  target_kind: string;
  target_id: string;
  reason: string;
  details: AuditEntry['details'];
}

export async function insertAuditEntry(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.query(
    `insert into audit_entry (tenant, id, occurred_at, actor_kind, actor_id, address, action, target_kind, target_id,
        reason, details)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      entry.tenant,
      entry.id,
      entry.occurredAt,
      entry.by.kind,
      entry.by.id,
      entry.by.address ?? null,
      entry.action,
      entry.target.kind,
      entry.target.id,
      entry.reason,
      JSON.stringify(entry.details),
    ],
  );
}

/** Latest first: ids are UUIDv7. */
export async function listAuditEntries(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  filter: AuditFilter,
): Promise<AuditEntry[]> {
  const rows = await tx.query<Row>(
    `select * from audit_entry
      where tenant = $1 and ($2::uuid is null or id < $2)
        and ($3::text is null or actor_id = $3)
        and ($4::text is null or target_kind = $4) and ($5::text is null or target_id = $5)
        and ($6::text is null or action = $6 or split_part(action, '.', 1) = $6)
        and ($7::timestamptz is null or occurred_at >= $7) and ($8::timestamptz is null or occurred_at < $8)
      order by id desc limit $9`,
    [
      tenant,
      page.after?.[0] ?? null,
      filter.actorId ?? null,
      filter.targetKind ?? null,
      filter.targetId ?? null,
      filter.action ?? null,
      filter.since ?? null,
      filter.until ?? null,
      page.limit,
    ],
  );
  return rows.map(toEntry);
}

function toEntry(row: Row): AuditEntry {
  return {
    tenant: row.tenant,
    id: row.id,
    occurredAt: row.occurred_at,
    by: { kind: row.actor_kind, id: row.actor_id, address: row.address ?? undefined },
    action: row.action,
    target: { kind: row.target_kind, id: row.target_id },
    reason: row.reason,
    details: row.details,
  };
}
