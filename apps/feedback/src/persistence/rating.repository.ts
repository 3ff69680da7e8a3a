import type { SortKey, Tx } from '@kilowatch/platform';
import type { RatingReason, Verdict } from '../domain/rating.js';
import type { RatingAggregate } from '../domain/rating-aggregate.js';

export interface Rating extends Verdict {
  readonly tenant: string;
  readonly id: string;
  readonly sessionId: string;
  readonly stationId: string;
  readonly accountId: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  session_id: string;
  station_id: string;
  account_id: string;
  score: number;
  reasons: RatingReason[];
  comment: string | null;
  version: string;
  created_at: Date;
  updated_at: Date;
}

/** Writes the rating of a session, or replaces it. The caller holds the session's lock. */
export async function saveRating(tx: Tx, rating: Rating): Promise<void> {
  await tx.query(
    `insert into rating (tenant, id, session_id, station_id, account_id, score, reasons, comment, version, created_at,
        updated_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict on constraint rating_session do update set account_id = excluded.account_id, score = excluded.score,
        reasons = excluded.reasons, comment = excluded.comment, version = excluded.version,
        created_at = excluded.created_at, updated_at = excluded.updated_at`,
    [
      rating.tenant,
      rating.id,
      rating.sessionId,
      rating.stationId,
      rating.accountId,
      rating.score,
      rating.reasons,
      rating.text ?? null,
      rating.version,
      rating.createdAt,
      rating.updatedAt,
    ],
  );
}

export async function ratingsOfSessions(tx: Tx, tenant: string, ids: readonly string[]): Promise<Rating[]> {
  const rows = await tx.query<Row>(
    'select * from rating where tenant = $1 and session_id = any($2::uuid[])',
    [tenant, ids],
  );
  return rows.map(toRating);
}

/** Latest first: ids are made in the order of first rating. */
export async function listRatings(
  tx: Tx,
  tenant: string,
  page: { readonly limit: number; readonly after: SortKey | undefined },
  stationId: string | undefined,
): Promise<Rating[]> {
  const rows = await tx.query<Row>(
    `select * from rating where tenant = $1 and ($2::uuid is null or station_id = $2) and ($3::uuid is null or id < $3)
      order by id desc limit $4`,
    [tenant, stationId ?? null, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toRating);
}

export async function addToStation(
  tx: Tx,
  tenant: string,
  stationId: string,
  delta: RatingAggregate,
): Promise<void> {
  await tx.query(
    `insert into station_rating as held (tenant, station_id, score_sum, score_count) values ($1, $2, $3, $4)
      on conflict on constraint station_rating_pk do update set score_sum = held.score_sum + excluded.score_sum,
        score_count = held.score_count + excluded.score_count`,
    [tenant, stationId, delta.sum, delta.count],
  );
}

/** Aggregates of the stations that have ratings. */
export async function findAggregates(
  tx: Tx,
  tenant: string,
  stationIds: readonly string[],
): Promise<Map<string, RatingAggregate>> {
  const rows = await tx.query<{ station_id: string; score_sum: string; score_count: string }>(
    'select * from station_rating where tenant = $1 and station_id = any($2::uuid[])',
    [tenant, stationIds],
  );
  return new Map(
    rows.map((row) => [row.station_id, { sum: Number(row.score_sum), count: Number(row.score_count) }]),
  );
}

function toRating(row: Row): Rating {
  return {
    tenant: row.tenant,
    id: row.id,
    sessionId: row.session_id,
    stationId: row.station_id,
    accountId: row.account_id,
    score: row.score,
    reasons: row.reasons,
    text: row.comment ?? undefined,
    version: Number(row.version),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
