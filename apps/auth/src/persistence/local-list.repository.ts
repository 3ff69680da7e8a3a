import { pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import type { ListLimits } from '../domain/local-list/list-limits.js';

/** OFF: no policy asks for one. UNSUPPORTED: the station keeps none, or has it switched off. */
export type ListState = 'OFF' | 'PENDING' | 'IN_SYNC' | 'FAILED' | 'UNSUPPORTED';

export interface LocalList {
  readonly tenant: string;
  readonly stationId: string;
  /** Subprotocol of its last connection; empty: never seen. */
  readonly protocol: string;
  readonly online: boolean;
  readonly state: ListState;
  readonly reason: string;
  /** Undefined: nobody knows what it holds. */
  readonly version: number | undefined;
  /** The highest we ever sent; 0 = none. */
  readonly sentVersion: number;
  /** A message of this version is out, or was never answered. */
  readonly flightVersion: number | undefined;
  readonly limits: ListLimits | undefined;
  readonly limitsAt: Date | undefined;
  readonly leftOut: number;
  readonly unfit: number;
  readonly checkVersion: boolean;
  readonly replan: boolean;
  readonly syncedAt: Date | undefined;
  readonly cacheDirtyAt: Date | undefined;
  readonly cacheClearedAt: Date | undefined;
  readonly cacheReason: string;
  readonly attempts: number;
  readonly wish: string;
  readonly lease: string;
}

interface Row {
  tenant: string;
  station_id: string;
  protocol: string;
  online: boolean;
  state: ListState;
  reason: string;
  version: number | null;
  sent_version: number;
  flight_version: number | null;
  limits: ListLimits | null;
  limits_at: Date | null;
  left_out: number;
  unfit: number;
  check_version: boolean;
  replan: boolean;
  synced_at: Date | null;
  cache_dirty_at: Date | null;
  cache_cleared_at: Date | null;
  cache_reason: string;
  attempts: number;
  wish: string;
  lease: string;
}

/** Where nobody asks for lists, a fleet that comes back costs nothing more. */
const LISTS_ARE_WANTED = '(exists (select 1 from local_list_policy p where p.tenant = $1 and p.enabled))';

const NEW_ROW = `(tenant, station_id, protocol, online, generation, state, reason, version, sent_version, left_out, unfit,
  check_version, replan, cache_reason, attempts, wish, lease)`;
const NEW_VALUES = `'', false, 0, 'OFF', '', 0, 0, 0, 0, false, true, '', 0, 0, 0`;

/** Due, and nobody is talking to it; one whose process died talking is due again. */
export async function takeDueLists(tx: Tx, now: Date, limit: number): Promise<LocalList[]> {
  const rows = await tx.query<Row>(
    `select * from local_list where due_at <= $1 and online and (lease_until is null or lease_until <= $1)
      order by due_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map(toList);
}

/** The number of the lease. What a lost conversation left open is found by comparing the whole list. */
export async function leaseList(tx: Tx, { tenant, stationId }: LocalList, until: Date): Promise<string> {
  const rows = await tx.query<{ lease: string }>(
    `update local_list set lease = lease + 1, replan = replan or lease_until is not null, lease_until = $3
      where tenant = $1 and station_id = $2 returning lease`,
    [tenant, stationId, until],
  );
  return rows[0]?.lease ?? '';
}

export async function findList(tx: Tx, tenant: string, stationId: string): Promise<LocalList | undefined> {
  const rows = await tx.query<Row>('select * from local_list where tenant = $1 and station_id = $2', [
    tenant,
    stationId,
  ]);
  return rows[0] && toList(rows[0]);
}

export async function findLists(tx: Tx, tenant: string, stationIds: readonly string[]): Promise<LocalList[]> {
  const rows = await tx.query<Row>(
    'select * from local_list where tenant = $1 and station_id = any ($2::uuid[])',
    [tenant, stationIds],
  );
  return rows.map(toList);
}

export async function listLists(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  state: ListState | undefined,
): Promise<LocalList[]> {
  const rows = await tx.query<Row>(
    `select * from local_list where tenant = $1 and ($2::text is null or state = $2)
      and ($3::uuid is null or station_id > $3) order by station_id limit $4`,
    [tenant, state ?? null, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toList);
}

export async function countStates(tx: Tx, tenant: string): Promise<ReadonlyMap<ListState, number>> {
  const rows = await tx.query<{ state: ListState; n: string }>(
    'select state, count(*) as n from local_list where tenant = $1 group by state',
    [tenant],
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

/** Columns of `change` are ours, never somebody's input. False: the lease is another's by now. */
export async function updateLeased(
  tx: Tx,
  { tenant, stationId, lease }: { tenant: string; stationId: string; lease: string },
  change: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const columns = Object.keys(change);
  const rows = await tx.query(
    `update local_list set ${columns.map((column, i) => `${column} = $${i + 4}`).join(', ')}
      where tenant = $1 and station_id = $2 and lease = $3 returning station_id`,
    [tenant, stationId, lease, ...columns.map((column) => change[column])],
  );
  return rows.length > 0;
}

/** Ends the conversation. Whatever was wished for in the meantime is due at once. */
export async function endLease(
  tx: Tx,
  { tenant, stationId, lease, wish }: LocalList,
  { now, dueAt }: { now: Date; dueAt: Date | undefined },
): Promise<void> {
  await tx.query(
    `update local_list set lease_until = null, due_at = case when wish = $4 then $5::timestamptz else $6 end
      where tenant = $1 and station_id = $2 and lease = $3`,
    [tenant, stationId, lease, wish, dueAt ?? null, now],
  );
}

export interface SeenConnected {
  readonly stationId: string;
  readonly protocol: string;
  readonly generation: number;
}

/**
 * Connections, unless later ones are known; one of a station at most. Lists are looked at when a policy asks for one or there is
 * something to put right.
 */
export async function noteConnected(
  tx: Tx,
  tenant: string,
  seen: readonly SeenConnected[],
  dueAt: Date,
): Promise<void> {
  await tx.query(
    `insert into local_list as held (tenant, station_id, protocol, online, generation, state, reason, version, sent_version,
        left_out, unfit, check_version, replan, cache_reason, attempts, wish, lease, due_at)
      select $1, s.station_id, s.protocol, true, s.generation, 'OFF', '', null, 0, 0, 0, true, true, '', 0, 1, 0,
        case when ${LISTS_ARE_WANTED} then $5::timestamptz end
        from unnest($2::uuid[], $3::text[], $4::int8[]) as s(station_id, protocol, generation)
      on conflict on constraint local_list_pk do update set online = true, generation = excluded.generation,
        protocol = excluded.protocol, check_version = true, wish = held.wish + 1,
        limits = case when held.protocol = excluded.protocol then held.limits end,
        version = case when held.protocol = excluded.protocol then held.version end,
        due_at = case when ${LISTS_ARE_WANTED} or held.sent_version > 0
            or held.cache_dirty_at > coalesce(held.cache_cleared_at, '-infinity') then $5 else held.due_at end
      where held.generation < excluded.generation`,
    [
      tenant,
      pgArray.uuid(seen.map(({ stationId }) => stationId)),
      pgArray.text(seen.map(({ protocol }) => protocol)),
      pgArray.int8(seen.map(({ generation }) => generation)),
      dueAt,
    ],
  );
}

/** So that what is noted of stations later has a place. */
export async function ensureLists(tx: Tx, tenant: string, stationIds: readonly string[]): Promise<void> {
  if (stationIds.length === 0) return;
  await tx.query(
    `insert into local_list ${NEW_ROW} select $1, s, ${NEW_VALUES} from unnest($2::uuid[]) s
      on conflict on constraint local_list_pk do nothing`,
    [tenant, pgArray.uuid(stationIds)],
  );
}

/** Stations in one order everywhere: rows are locked in it. */
export async function noteDisconnected(
  tx: Tx,
  tenant: string,
  gone: readonly { stationId: string; generation: number }[],
): Promise<void> {
  await tx.query(
    `update local_list l set online = false
      from unnest($2::uuid[], $3::int8[]) as g(station_id, generation)
      where l.tenant = $1 and l.station_id = g.station_id and l.generation <= g.generation`,
    [
      tenant,
      pgArray.uuid(gone.map(({ stationId }) => stationId)),
      pgArray.int8(gone.map(({ generation }) => generation)),
    ],
  );
}

/** A station is somewhere else than when its list was last looked at, or is known only now. */
export async function noteLocation(
  tx: Tx,
  tenant: string,
  { stationId, locationId }: { stationId: string; locationId: string },
  now: Date,
): Promise<void> {
  await tx.query(
    `update local_list set location_id = $3, replan = true, wish = wish + 1, due_at = least(due_at, $4)
      where tenant = $1 and station_id = $2 and location_id is distinct from $3 and ${LISTS_ARE_WANTED}`,
    [tenant, stationId, locationId, now],
  );
}

/** Somebody else wrote the list of a station: nobody knows what is in it. `due`: it is put right where a policy asks for it. */
export async function forgetVersion(tx: Tx, tenant: string, stationId: string, now: Date): Promise<void> {
  await ensureLists(tx, tenant, [stationId]);
  await tx.query(
    `update local_list set version = null, replan = true, wish = wish + 1, due_at = $3 where tenant = $1 and station_id = $2`,
    [tenant, stationId, now],
  );
}

export async function noteCacheCleared(tx: Tx, tenant: string, stationId: string, at: Date): Promise<void> {
  await tx.query(
    `update local_list set cache_cleared_at = greatest(cache_cleared_at, $3), cache_reason = ''
      where tenant = $1 and station_id = $2`,
    [tenant, stationId, at],
  );
}

/** The stations of a location, or all of the tenant, are compared anew. Returns how many. */
export async function replanStations(
  tx: Tx,
  tenant: string,
  { locationId, stationId, now }: { locationId?: string; stationId?: string; now: Date },
): Promise<number> {
  await tx.query(
    `insert into local_list ${NEW_ROW} select s.tenant, s.station_id, ${NEW_VALUES} from known_station s
      where s.tenant = $1 and ($2::uuid is null or s.location_id = $2) and ($3::uuid is null or s.station_id = $3)
      on conflict on constraint local_list_pk do nothing`,
    [tenant, locationId ?? null, stationId ?? null],
  );
  const rows = await tx.query(
    `update local_list l set location_id = s.location_id, replan = true, check_version = true, attempts = 0, wish = wish + 1, due_at = $4,
        state = case when state in ('OFF', 'IN_SYNC', 'UNSUPPORTED') then 'PENDING' else state end,
        limits = case when $3::uuid is null then limits end
      from known_station s where l.tenant = $1 and s.tenant = l.tenant and s.station_id = l.station_id
        and ($2::uuid is null or s.location_id = $2) and ($3::uuid is null or s.station_id = $3)
      returning l.station_id`,
    [tenant, locationId ?? null, stationId ?? null, now],
  );
  return rows.length;
}

function toList(row: Row): LocalList {
  return {
    tenant: row.tenant,
    stationId: row.station_id,
    protocol: row.protocol,
    online: row.online,
    state: row.state,
    reason: row.reason,
    version: row.version ?? undefined,
    sentVersion: row.sent_version,
    flightVersion: row.flight_version ?? undefined,
    limits: row.limits ?? undefined,
    limitsAt: row.limits_at ?? undefined,
    leftOut: row.left_out,
    unfit: row.unfit,
    checkVersion: row.check_version,
    replan: row.replan,
    syncedAt: row.synced_at ?? undefined,
    cacheDirtyAt: row.cache_dirty_at ?? undefined,
    cacheClearedAt: row.cache_cleared_at ?? undefined,
    cacheReason: row.cache_reason,
    attempts: row.attempts,
    wish: row.wish,
    lease: row.lease,
  };
}
