import { Injectable } from '@nestjs/common';
import type { SortKey, Tx } from '@kilowatch/platform';
import { isCritical, type SecurityEvent } from '../domain/security-event.js';

export interface SecurityEventRow {
  readonly id: string;
  readonly kind: string;
  readonly critical: boolean;
  readonly tech_info: string;
  readonly occurred_at: Date;
  readonly received_at: Date;
}

@Injectable()
export class SecurityEventRepository {
  /** `new`, `known` (told before), or `no_station`. */
  async add(
    tx: Tx,
    tenant: string,
    at: { id: string; stationId: string; receivedAt: Date },
    event: SecurityEvent,
  ): Promise<'new' | 'known' | 'no_station'> {
    const [row] = await tx.query<{ station: boolean; added: boolean }>(
      `WITH known AS (SELECT id FROM station WHERE tenant = $1 AND id = $3), added AS (
         INSERT INTO security_event (tenant, id, station_id, kind, critical, tech_info, occurred_at, received_at)
         SELECT $1, $2, known.id, $4, $5, $6, $7, $8 FROM known
         ON CONFLICT ON CONSTRAINT security_event_key DO NOTHING RETURNING id)
       SELECT EXISTS (SELECT 1 FROM known) AS station, EXISTS (SELECT 1 FROM added) AS added`,
      [
        tenant,
        at.id,
        at.stationId,
        event.kind,
        isCritical(event.kind),
        event.techInfo,
        event.occurredAt,
        at.receivedAt,
      ],
    );
    if (!row?.station) return 'no_station';
    return row.added ? 'new' : 'known';
  }

  /** Latest first. */
  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<SecurityEventRow[]> {
    const [occurredAt, id] = page.after ?? [];
    return tx.query<SecurityEventRow>(
      `SELECT id, kind, critical, tech_info, occurred_at, received_at FROM security_event
       WHERE tenant = $1 AND station_id = $2
         AND ($3::timestamptz IS NULL OR (occurred_at, id) < ($3::timestamptz, $4::uuid))
       ORDER BY occurred_at DESC, id DESC LIMIT $5`,
      [tenant, stationId, occurredAt ?? null, id ?? null, page.limit],
    );
  }
}
