import type { SortKey, Tx } from '@kilowatch/platform';

/** Of a token that may not charge, at a station that had it accepted in its list or may have it in its cache. */
export type BlockState = 'CONFIRMED' | 'PENDING' | 'OFFLINE' | 'FAILED';

export interface BlockRow {
  readonly stationId: string;
  readonly identity: string;
  readonly state: BlockState;
  /** What is not confirmed. */
  readonly inList: boolean;
  readonly inCache: boolean;
  readonly reason: string;
}

/**
 * Derived from what stations hold, never from what we meant to do: confirmed is a station whose list has it refused or gone, and
 * whose cache was cleared after it was last accepted there. A list of ours that nobody knows any more counts as having it. $3: now
 */
const STATIONS = `
  with concerned as (
    select station_id from local_list_entry where tenant = $1 and token_id = $2
    union
    select station_id from token_place where tenant = $1 and token_id = $2 and cache_until > $3
    union
    select station_id from local_list where tenant = $1 and version is null and sent_version > 0
  ), risks as (
    select c.station_id, coalesce(l.online, false) as online, coalesce(l.attempts, 0) as attempts,
      coalesce(l.reason, '') as reason, coalesce(l.cache_reason, '') as cache_reason,
      coalesce(e.held_status = 'Accepted' or e.maybe, false) or (l.version is null and coalesce(l.sent_version, 0) > 0) as in_list,
      p.cache_until is not null and (l.cache_cleared_at is null or p.accepted_at > l.cache_cleared_at) as in_cache
    from concerned c
      left join local_list l on l.tenant = $1 and l.station_id = c.station_id
      left join local_list_entry e on e.tenant = $1 and e.station_id = c.station_id and e.token_id = $2
      left join token_place p on p.tenant = $1 and p.station_id = c.station_id and p.token_id = $2 and p.cache_until > $3
  ), stations as (
    select r.*, case
        when not in_list and not in_cache then 'CONFIRMED'
        when not online then 'OFFLINE'
        when attempts > 0 then 'FAILED'
        else 'PENDING'
      end as state
    from risks r
  )`;

export async function countBlockStates(
  tx: Tx,
  tenant: string,
  tokenId: string,
  now: Date,
): Promise<ReadonlyMap<BlockState, number>> {
  const rows = await tx.query<{ state: BlockState; n: string }>(
    `${STATIONS} select state, count(*) as n from stations group by state`,
    [tenant, tokenId, now],
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

/** `states`: none = all. */
export async function listBlockStates(
  tx: Tx,
  tenant: string,
  tokenId: string,
  page: { limit: number; after: SortKey | undefined; now: Date; states: readonly BlockState[] },
): Promise<BlockRow[]> {
  const rows = await tx.query<{
    station_id: string;
    identity: string | null;
    state: BlockState;
    in_list: boolean;
    in_cache: boolean;
    reason: string;
    cache_reason: string;
  }>(
    `${STATIONS} select t.*, k.identity from stations t left join known_station k on k.tenant = $1 and k.station_id = t.station_id
      where (cardinality($4::text[]) = 0 or t.state = any ($4)) and ($5::uuid is null or t.station_id > $5)
      order by t.station_id limit $6`,
    [tenant, tokenId, page.now, page.states, page.after?.[0] ?? null, page.limit],
  );
  return rows.map((row) => ({
    stationId: row.station_id,
    identity: row.identity ?? '',
    state: row.state,
    inList: row.in_list,
    inCache: row.in_cache,
    reason: row.state === 'FAILED' ? (row.in_cache && row.cache_reason) || row.reason : '',
  }));
}
