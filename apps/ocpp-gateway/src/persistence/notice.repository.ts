import { storableText, type IdSource } from '@kilowatch/kernel';
import { maskedText } from '@kilowatch/ocpp';
import { tenantScope, type Database, type Tx } from '@kilowatch/platform';
import type { Station } from '../domain/station.js';

export interface Notice {
  readonly action: string;
  readonly vendorId: string;
  readonly messageId: string;
  readonly content: string;
  readonly receivedAt: Date;
}

export interface HeldNotice {
  readonly notice_id: string;
  readonly action: string;
  readonly vendor_id: string;
  readonly message_id: string;
  readonly content: string;
  readonly truncated: boolean;
  readonly received_at: Date;
}

export interface OldNotice {
  readonly tenant: string;
  readonly notice_id: string;
}

/** A vendor may send what it likes, as often as it likes: what is kept of one message is bounded. */
const MAX_CONTENT = 16_384;
const MAX_NAME = 255;

/** Messages that are kept, without their secrets, and acknowledged, no more. */
export class NoticeRepository {
  constructor(
    private readonly database: Database,
    private readonly ids: IdSource,
  ) {}

  async store(station: Station, notice: Notice): Promise<void> {
    const content = storableText(maskedText(notice.content)).slice(0, MAX_CONTENT);
    await this.database.transaction(tenantScope(station.tenant), (tx) =>
      tx.query(
        `INSERT INTO station_notice
           (tenant, notice_id, station_id, action, vendor_id, message_id, content, truncated, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          station.tenant,
          this.ids.newId(),
          station.stationId,
          notice.action,
          storableText(notice.vendorId).slice(0, MAX_NAME),
          storableText(notice.messageId).slice(0, MAX_NAME),
          content,
          notice.content.length > MAX_CONTENT,
          notice.receivedAt,
        ],
      ),
    );
  }

  /** Latest first. */
  list(
    tx: Tx,
    tenant: string,
    search: { stationId: string; after?: readonly [string, string] | undefined; limit: number },
  ): Promise<HeldNotice[]> {
    return tx.query<HeldNotice>(
      `SELECT notice_id, action, vendor_id, message_id, content, truncated, received_at FROM station_notice
       WHERE tenant = $1 AND station_id = $2
         AND ($3::timestamptz IS NULL OR (received_at, notice_id) < ($3::timestamptz, $4::uuid))
       ORDER BY received_at DESC, notice_id DESC LIMIT $5`,
      [tenant, search.stationId, search.after?.[0] ?? null, search.after?.[1] ?? null, search.limit],
    );
  }

  /** Notices of all tenants that came before `until`, locked for this transaction. */
  takeOlder(tx: Tx, until: Date, limit: number): Promise<OldNotice[]> {
    return tx.query<OldNotice>(
      'SELECT tenant, notice_id FROM station_notice WHERE received_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED',
      [until, limit],
    );
  }

  async forget(tx: Tx, { tenant, notice_id }: OldNotice): Promise<void> {
    await tx.query('DELETE FROM station_notice WHERE tenant = $1 AND notice_id = $2', [tenant, notice_id]);
  }
}
