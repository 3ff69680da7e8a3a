import type { Tx } from '@kilowatch/platform';

export interface TokenWatch {
  /** Keyed hash, hex. */
  readonly tokenHash: string;
  /** Empty when we hold no such token. */
  readonly tokenId: string;
  readonly incidentId: string;
  readonly since: Date;
  readonly until: Date;
}

export async function watchToken(tx: Tx, tenant: string, watch: TokenWatch): Promise<void> {
  await tx.query(
    `insert into token_watch as held (tenant, token_hash, token_id, incident_id, since, until)
      values ($1, $2, $3, $4, $5, $6)
      on conflict on constraint token_watch_pk do update set token_id = coalesce(excluded.token_id, held.token_id),
        incident_id = excluded.incident_id, until = excluded.until`,
    [tenant, watch.tokenHash, watch.tokenId || null, watch.incidentId, watch.since, watch.until],
  );
}

export async function endWatch(tx: Tx, tenant: string, incidentId: string): Promise<void> {
  await tx.query('delete from token_watch where tenant = $1 and incident_id = $2', [tenant, incidentId]);
}

/** Since when the tokens are watched, by id. */
export async function watchedSince(
  tx: Tx,
  tenant: string,
  tokenIds: readonly string[],
  now: Date,
): Promise<Map<string, Date>> {
  const rows = await tx.query<{ token_id: string; since: Date }>(
    `select token_id, min(since) as since from token_watch
      where tenant = $1 and token_id = any ($2::uuid[]) and until > $3 group by token_id`,
    [tenant, tokenIds, now],
  );
  return new Map(rows.map((row) => [row.token_id, row.since]));
}

/** Incidents whose token is watched now. */
export async function watchingIncidents(
  tx: Tx,
  tenant: string,
  incidentIds: readonly string[],
  now: Date,
): Promise<Set<string>> {
  const rows = await tx.query<{ incident_id: string }>(
    'select incident_id from token_watch where tenant = $1 and incident_id = any ($2::uuid[]) and until > $3',
    [tenant, incidentIds, now],
  );
  return new Set(rows.map((row) => row.incident_id));
}
