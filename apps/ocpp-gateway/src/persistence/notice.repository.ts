import type { IdSource } from '@kilowatch/kernel';
import { tenantScope, type Database } from '@kilowatch/platform';
import type { Station } from '../domain/station.js';

export interface Notice {
  readonly action: string;
  readonly vendorId: string;
  readonly messageId: string;
  readonly content: string;
  readonly receivedAt: Date;
}

/** A vendor may send what it likes, as often as it likes: what is kept of one message is bounded. */
const MAX_CONTENT = 16_384;
const MAX_NAME = 255;

/** Messages that are kept and acknowledged, no more. */
export class NoticeRepository {
  constructor(
    private readonly database: Database,
    private readonly ids: IdSource,
  ) {}

  async store(station: Station, notice: Notice): Promise<void> {
    const content = storable(notice.content).slice(0, MAX_CONTENT);
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
          storable(notice.vendorId).slice(0, MAX_NAME),
          storable(notice.messageId).slice(0, MAX_NAME),
          content,
          notice.content.length > MAX_CONTENT,
          notice.receivedAt,
        ],
      ),
    );
  }
}

/** Postgres text holds no NUL. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
