import type { Tx } from '@kilowatch/platform';
import { EVERYWHERE } from '../domain/local-list/list-policy.js';
import { POLICY_OF_STATION } from './local-list-policy.repository.js';

/**
 * Which stations one token concerns, by index: those that hold it, and those whose policy may want it. $2: the tokens.
 * A station that holds it is told even when its policy is gone.
 */
const CONCERNED = `
  with held as (
    select e.station_id, e.token_id from local_list_entry e
      where e.tenant = $1 and e.token_id = any ($2::uuid[]) and (e.hash is not null or e.maybe)
  ), flagged as (
    select s.tenant, s.station_id, s.location_id, o.token_id, 0 as days
      from offline_token o join known_station s on s.tenant = o.tenant
        and (o.location_id = s.location_id or o.location_id = '${EVERYWHERE}')
      where o.tenant = $1 and o.token_id = any ($2::uuid[])
  ), fleet as (
    select s.tenant, s.station_id, s.location_id, t.id as token_id, 0 as days from token t
      join local_list_policy p on p.tenant = t.tenant and p.enabled and t.group_id = any (p.groups)
      join known_station s on s.tenant = t.tenant and (s.location_id = p.location_id or p.location_id = '${EVERYWHERE}')
      where t.tenant = $1 and t.id = any ($2::uuid[]) and t.group_id <> ''
  ), recent as (
    select s.tenant, s.station_id, s.location_id, p.token_id, 1 as days from token_place p
      join known_station k on k.tenant = p.tenant and k.station_id = p.station_id
      join known_station s on s.tenant = k.tenant and s.location_id = k.location_id
      where p.tenant = $1 and p.token_id = any ($2::uuid[])
  ), wanting as (
    select * from flagged union select * from fleet union select * from recent
  )
  select station_id, token_id from held
  union
  select s.station_id, s.token_id from wanting s ${POLICY_OF_STATION}
    where policy.enabled and policy.recent_days >= s.days`;

/** Has the entries of these tokens looked at wherever they concern a list. Returns how many stations that are. */
export async function markTokens(
  tx: Tx,
  tenant: string,
  tokenIds: readonly string[],
  now: Date,
): Promise<number> {
  if (tokenIds.length === 0) return 0;
  const rows = await tx.query<{ station_id: string }>(
    `with concerned as (${CONCERNED}), marked as (
        insert into local_list_change (tenant, station_id, token_id) select $1, c.station_id, c.token_id from concerned c
          on conflict on constraint local_list_change_pk do nothing
      )
      update local_list l set wish = wish + 1, due_at = least(due_at, $3::timestamptz),
          state = case when state = 'IN_SYNC' then 'PENDING' else state end
        where l.tenant = $1 and l.station_id in (select station_id from concerned) returning l.station_id`,
    [tenant, tokenIds, now],
  );
  return rows.length;
}

/** These tokens may no longer charge: caches that may still have them accepted are to be cleared. Returns how many. */
export async function markCaches(
  tx: Tx,
  tenant: string,
  tokenIds: readonly string[],
  now: Date,
): Promise<number> {
  if (tokenIds.length === 0) return 0;
  // Most tokens were accepted nowhere. Joined in one statement with a table that has no statistics yet, this went through every list.
  const places = await tx.query<{ station_id: string; accepted_at: Date }>(
    `select station_id, max(accepted_at) as accepted_at from token_place
      where tenant = $1 and token_id = any ($2::uuid[]) and cache_until > $3 group by station_id`,
    [tenant, tokenIds, now],
  );
  if (places.length === 0) return 0;
  const rows = await tx.query(
    `update local_list l set cache_dirty_at = $4, wish = wish + 1, due_at = least(due_at, $4)
      from unnest($2::uuid[], $3::timestamptz[]) as p(station_id, accepted_at)
      where l.tenant = $1 and l.station_id = p.station_id
        and (l.cache_cleared_at is null or p.accepted_at > l.cache_cleared_at)
      returning l.station_id`,
    [
      tenant,
      places.map(({ station_id: stationId }) => stationId),
      places.map(({ accepted_at: acceptedAt }) => acceptedAt),
      now,
    ],
  );
  return rows.length;
}

/** Entries that a station keeps accepting although their token's time is over, of all tenants. */
export async function markExpired(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `with ended as (
        update local_list_entry e set expires_at = null
          where (e.tenant, e.station_id, e.token_id) in (
            select tenant, station_id, token_id from local_list_entry where expires_at <= $1 order by expires_at limit $2
              for update skip locked)
          returning e.tenant, e.station_id, e.token_id
      ), marked as (
        insert into local_list_change (tenant, station_id, token_id) select tenant, station_id, token_id from ended
          on conflict on constraint local_list_change_pk do nothing
      ), due as (
        update local_list l set wish = wish + 1, due_at = least(due_at, $1::timestamptz),
            state = case when state = 'IN_SYNC' then 'PENDING' else state end
          where (l.tenant, l.station_id) in (select tenant, station_id from ended)
      )
      select tenant from ended`,
    [now, limit],
  );
}
