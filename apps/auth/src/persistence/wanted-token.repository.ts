import type { Tx } from '@kilowatch/platform';
import { LIST_TYPES } from '../domain/local-list/list-entry.js';
import { EVERYWHERE, type ListPolicy } from '../domain/local-list/list-policy.js';
import { maySayOffline, type OfflineRules } from '../domain/local-list/offline-token.js';
import type { Candidate, Reason } from '../domain/local-list/wanted-list.js';
import type { TokenLimits } from '../domain/token-limits.js';
import { HAS_LIMIT } from './credit.repository.js';
import type { TokenStatus } from './token.repository.js';

interface Row {
  id: string;
  value: string;
  type: string;
  group_id: string;
  status: TokenStatus;
  account_active: boolean;
  expires_at: Date | null;
  limits: TokenLimits;
  prepaid: boolean;
  rank: number;
  used_at: Date | null;
}

/** More than any list: who is beyond would be left out anyway. */
const MOST_CANDIDATES = 10_000;
const REASONS: readonly Reason[] = ['FLAGGED', 'FLEET', 'RECENT'];

const CANDIDATES = `
  with wanted as (
    select o.token_id, 0 as rank, null::timestamptz as used_at from offline_token o
      where o.tenant = $1 and o.location_id in ($2, '${EVERYWHERE}') and ($6::uuid[] is null or o.token_id = any ($6))
    union all
    select t.id, 1, null from token t
      where t.tenant = $1 and t.group_id <> '' and t.group_id = any ($3::text[]) and ($6::uuid[] is null or t.id = any ($6))
    union all
    select p.token_id, 2, p.accepted_at from known_station s
      join token_place p on p.tenant = s.tenant and p.station_id = s.station_id and p.accepted_at > $4
        and p.accepted_on >= ($4::timestamptz at time zone 'UTC')::date
      where s.tenant = $1 and s.location_id = $2 and $4::timestamptz is not null and ($6::uuid[] is null or p.token_id = any ($6))
  ), best as (
    select token_id, min(rank) as rank, max(used_at) as used_at from wanted group by token_id
  )
  select t.id, t.value, t.type, t.group_id, t.status, coalesce(a.active, true) as account_active, t.expires_at, t.limits,
      t.prepaid or coalesce(${HAS_LIMIT}, false) as prepaid, b.rank, b.used_at
    from best b join token t on t.tenant = $1 and t.id = b.token_id
      left join account a on a.tenant = t.tenant and a.id = t.account_id
    where not t.is_app and t.type = any ($5::text[])
    order by t.status <> 'ACTIVE', b.rank, b.used_at desc nulls last, t.id limit ${MOST_CANDIDATES}`;

/** Tokens that the policy wants at stations of a location; `among`: of these alone. */
export async function candidatesFor(
  tx: Tx,
  tenant: string,
  place: { locationId: string; policy: ListPolicy; rules: OfflineRules; now: Date },
  among?: readonly string[],
): Promise<Candidate[]> {
  const { locationId, policy, rules, now } = place;
  if (!policy.enabled) return [];
  const since = policy.recentDays > 0 ? new Date(now.getTime() - policy.recentDays * 86_400_000) : null;
  const rows = await tx.query<Row>(CANDIDATES, [
    tenant,
    locationId,
    policy.groups,
    since,
    LIST_TYPES,
    among ?? null,
  ]);
  const able = rows.filter(({ limits, prepaid, group_id: groupId }) =>
    maySayOffline({ limits, prepaid, groupId }, rules),
  );
  return able.map((row) => ({
    token: {
      tokenId: row.id,
      value: row.value,
      type: row.type,
      groupId: row.group_id,
      status: row.status,
      accountActive: row.account_active,
      expiresAt: row.expires_at ?? undefined,
    },
    reason: REASONS[row.rank] ?? 'RECENT',
    usedAt: row.used_at ?? undefined,
  }));
}

/** Which of these tokens may charge at present. */
export async function chargeable(
  tx: Tx,
  tenant: string,
  tokenIds: readonly string[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(
    `select t.id from token t left join account a on a.tenant = t.tenant and a.id = t.account_id
      where t.tenant = $1 and t.id = any ($2::uuid[]) and t.status = 'ACTIVE' and coalesce(a.active, true)
        and (t.expires_at is null or t.expires_at > $3)`,
    [tenant, tokenIds, now],
  );
  return new Set(rows.map(({ id }) => id));
}

export async function tokensOfAccount(tx: Tx, tenant: string, accountId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    'select id from token where tenant = $1 and account_id = $2 and not is_app',
    [tenant, accountId],
  );
  return rows.map(({ id }) => id);
}

/** Says which of them were flagged anew, or no longer are. */
export async function flagOffline(
  tx: Tx,
  tenant: string,
  flag: { tokenIds: readonly string[]; locationId: string; by: string; at: Date; offline: boolean },
): Promise<string[]> {
  const { tokenIds, locationId, by, at, offline } = flag;
  const rows = offline
    ? await tx.query<{ token_id: string }>(
        `insert into offline_token (tenant, token_id, location_id, flagged_by, flagged_at)
          select $1, t.id, $3, $4, $5 from token t where t.tenant = $1 and t.id = any ($2::uuid[])
          on conflict on constraint offline_token_pk do nothing returning token_id`,
        [tenant, tokenIds, locationId, by, at],
      )
    : await tx.query<{ token_id: string }>(
        'delete from offline_token where tenant = $1 and token_id = any ($2::uuid[]) and location_id = $3 returning token_id',
        [tenant, tokenIds, locationId],
      );
  return rows.map(({ token_id: id }) => id);
}
