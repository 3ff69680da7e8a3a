import type { SortKey, Tx } from '@kilowatch/platform';
import type { FeedClock, FeedSource } from '../domain/feeds/price-feed.js';

export interface PriceFeedRecord extends FeedClock {
  readonly tenant: string;
  readonly source: FeedSource;
  readonly area: string;
  /** Currency of its prices. */
  readonly unit: string;
  readonly version: number;
  readonly dueAt: Date | undefined;
  readonly attempts: number;
  /** By delivery day: what the source calls the answer we have. */
  readonly etags: Readonly<Record<string, string>>;
  readonly askedAt: Date | undefined;
  readonly answeredAt: Date | undefined;
  /** Code of the last attempt's failure. */
  readonly failure: string | undefined;
  readonly alertedFor: string | undefined;
  readonly createdBy: string;
}

interface Row {
  tenant: string;
  source: FeedSource;
  area: string;
  unit: string;
  time_zone: string;
  publish_minute: number;
  alert_minute: number;
  version: string;
  due_at: Date | null;
  attempts: number;
  etags: Record<string, string>;
  asked_at: Date | null;
  answered_at: Date | null;
  failure: string | null;
  alerted_for: string | null;
  created_by: string;
}

/** A feed that is there already gets other hours and is asked at once. */
export async function savePriceFeed(
  tx: Tx,
  feed: Pick<
    PriceFeedRecord,
    'tenant' | 'source' | 'area' | 'unit' | 'timeZone' | 'publishMinute' | 'alertMinute' | 'createdBy'
  > & { readonly dueAt: Date },
): Promise<PriceFeedRecord> {
  const rows = await tx.query<Row>(
    `insert into price_feed as held (tenant, source, area, unit, time_zone, publish_minute, alert_minute, version, due_at, attempts,
        etags, created_by)
      values ($1, $2, $3, $4, $5, $6, $7, 1, $8, 0, '{}', $9)
      on conflict on constraint price_feed_pk do update set unit = excluded.unit, time_zone = excluded.time_zone,
        publish_minute = excluded.publish_minute, alert_minute = excluded.alert_minute, due_at = excluded.due_at, attempts = 0,
        etags = '{}', version = held.version + 1
      returning *`,
    [
      feed.tenant,
      feed.source,
      feed.area,
      feed.unit,
      feed.timeZone,
      feed.publishMinute,
      feed.alertMinute,
      feed.dueAt,
      feed.createdBy,
    ],
  );
  return toFeed(rows[0]!);
}

export async function removePriceFeed(
  tx: Tx,
  tenant: string,
  source: string,
  area: string,
): Promise<boolean> {
  const rows = await tx.query(
    'delete from price_feed where tenant = $1 and source = $2 and area = $3 returning area',
    [tenant, source, area],
  );
  return rows.length > 0;
}

export async function listPriceFeeds(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<PriceFeedRecord[]> {
  const rows = await tx.query<Row>(
    `select * from price_feed where tenant = $1 and ($2::text is null or (source, area) > ($2, $3))
      order by source, area limit $4`,
    [tenant, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
  return rows.map(toFeed);
}

export async function findPriceFeed(
  tx: Tx,
  tenant: string,
  source: string,
  area: string,
): Promise<PriceFeedRecord | undefined> {
  const rows = await tx.query<Row>(
    'select * from price_feed where tenant = $1 and source = $2 and area = $3 for update',
    [tenant, source, area],
  );
  return rows[0] && toFeed(rows[0]);
}

export async function takeDueFeeds(tx: Tx, now: Date, limit: number): Promise<PriceFeedRecord[]> {
  const rows = await tx.query<Row>(
    'select * from price_feed where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map(toFeed);
}

/** While it is asked: whoever takes it next finds it when this one was lost. */
export async function leaseFeed(tx: Tx, feed: PriceFeedRecord, until: Date, askedAt: Date): Promise<void> {
  await tx.query(
    'update price_feed set due_at = $4, asked_at = $5 where tenant = $1 and source = $2 and area = $3',
    [feed.tenant, feed.source, feed.area, until, askedAt],
  );
}

export async function recordAttempt(
  tx: Tx,
  feed: Pick<PriceFeedRecord, 'tenant' | 'source' | 'area'>,
  attempt: Pick<PriceFeedRecord, 'dueAt' | 'attempts' | 'etags' | 'answeredAt' | 'failure' | 'alertedFor'>,
): Promise<number> {
  const rows = await tx.query<{ version: string }>(
    `update price_feed set due_at = $4, attempts = $5, etags = $6, answered_at = coalesce($7, answered_at), failure = $8,
        alerted_for = $9, version = version + 1
      where tenant = $1 and source = $2 and area = $3 returning version`,
    [
      feed.tenant,
      feed.source,
      feed.area,
      attempt.dueAt ?? null,
      attempt.attempts,
      JSON.stringify(attempt.etags),
      attempt.answeredAt ?? null,
      attempt.failure ?? null,
      attempt.alertedFor ?? null,
    ],
  );
  return Number(rows[0]?.version ?? 0);
}

function toFeed(row: Row): PriceFeedRecord {
  return {
    tenant: row.tenant,
    source: row.source,
    area: row.area,
    unit: row.unit,
    timeZone: row.time_zone,
    publishMinute: row.publish_minute,
    alertMinute: row.alert_minute,
    version: Number(row.version),
    dueAt: row.due_at ?? undefined,
    attempts: row.attempts,
    etags: row.etags,
    askedAt: row.asked_at ?? undefined,
    answeredAt: row.answered_at ?? undefined,
    failure: row.failure ?? undefined,
    alertedFor: row.alerted_for ?? undefined,
    createdBy: row.created_by,
  };
}
