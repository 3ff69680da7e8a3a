import type { SortKey, Tx } from '@kilowatch/platform';
import type { DecisionPurpose, DecisionStatus } from '../domain/decision.js';

/** What the holder of a token said of it. */
export interface TokenHolder {
  /** Empty: it has none. */
  readonly name: string;
  /** The holder blocked it, and may undo that; what an operator blocked, the operator unblocks. */
  readonly blocked: boolean;
}

export interface TokenUse {
  readonly id: string;
  readonly tokenId: string;
  readonly purpose: DecisionPurpose;
  readonly status: DecisionStatus;
  readonly stationId: string;
  /** Empty when the station is not known any more. */
  readonly stationIdentity: string;
  readonly locationName: string;
  readonly evseNumber: number;
  readonly offline: boolean;
  readonly at: Date;
  /** Of this token, at that station, now; undefined when none runs. */
  readonly runningSessionId: string | undefined;
}

export async function findTokenHolders(
  tx: Tx,
  tenant: string,
  tokenIds: readonly string[],
): Promise<Map<string, TokenHolder>> {
  const rows = await tx.query<TokenHolder & { token_id: string }>(
    'select token_id, name, blocked from token_holder where tenant = $1 and token_id = any($2::uuid[])',
    [tenant, tokenIds],
  );
  return new Map(rows.map(({ token_id: id, name, blocked }) => [id, { name, blocked }]));
}

export async function saveTokenName(tx: Tx, tenant: string, tokenId: string, name: string): Promise<void> {
  await tx.query(
    `insert into token_holder (tenant, token_id, name) values ($1, $2, $3)
      on conflict on constraint token_holder_pk do update set name = excluded.name`,
    [tenant, tokenId, name],
  );
}

/** `false` too when somebody else blocks it: then the holder does not undo it. */
export async function saveHolderBlock(
  tx: Tx,
  tenant: string,
  tokenId: string,
  blocked: boolean,
): Promise<void> {
  await tx.query(
    `insert into token_holder (tenant, token_id, blocked) values ($1, $2, $3)
      on conflict on constraint token_holder_pk do update set blocked = excluded.blocked`,
    [tenant, tokenId, blocked],
  );
}

export async function findOpenSessions(
  tx: Tx,
  tenant: string,
  tokenIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ token_id: string; sessions: string[] }>(
    `select token_id, array_agg(session_id::text order by session_id) as sessions from open_session
      where tenant = $1 and token_id = any($2::uuid[]) and open group by token_id`,
    [tenant, tokenIds],
  );
  return new Map(rows.map(({ token_id: id, sessions }) => [id, sessions]));
}

/** Latest first, of all tokens of an account or one of them. */
export async function listTokenUses(
  tx: Tx,
  of: { tenant: string; accountId: string; tokenId: string | undefined },
  page: { limit: number; after: SortKey | undefined },
): Promise<TokenUse[]> {
  const rows = await tx.query<{
    id: string;
    token_id: string;
    purpose: DecisionPurpose;
    status: DecisionStatus;
    station_id: string;
    identity: string | null;
    location: string | null;
    evse_number: number;
    offline: boolean;
    occurred_at: Date;
    session_id: string | null;
  }>(
    `select d.id, d.token_id, d.purpose, d.status, d.station_id, s.identity, l.name as location, d.evse_number, d.offline,
        d.occurred_at,
        (select max(o.session_id::text) from open_session o where o.tenant = d.tenant and o.token_id = d.token_id
          and o.station_id = d.station_id and o.open) as session_id
      from authorization_decision d
        left join known_station s on s.tenant = d.tenant and s.station_id = d.station_id
        left join known_location l on l.tenant = d.tenant and l.location_id = s.location_id
      where d.tenant = $1 and d.account_id = $2 and d.token_id is not null and ($3::uuid is null or d.token_id = $3)
        and ($4::uuid is null or d.id < $4)
      order by d.id desc limit $5`,
    [of.tenant, of.accountId, of.tokenId ?? null, page.after?.[0] ?? null, page.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    tokenId: row.token_id,
    purpose: row.purpose,
    status: row.status,
    stationId: row.station_id,
    stationIdentity: row.identity ?? '',
    locationName: row.location ?? '',
    evseNumber: row.evse_number,
    offline: row.offline,
    at: row.occurred_at,
    runningSessionId: row.session_id ?? undefined,
  }));
}
