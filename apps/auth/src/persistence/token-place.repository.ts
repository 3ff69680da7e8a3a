import type { Tx } from '@kilowatch/platform';

export interface JudgedToken {
  readonly decisionId: string;
  readonly tokenId: string;
  readonly stationId: string;
  readonly accepted: boolean;
  readonly at: Date;
}

/** A station may keep an answer without an expiry for as long as it likes; so long we reckon with it. */
const UNSAID_CACHE = `interval '90 days'`;

/**
 * Takes over where a token was accepted, and until when that answer may be believed; a refusal replaces what the station's cache
 * had. Says whether it is news that the token is used there: the first time, or again after `recentSince`.
 */
export async function savePlace(
  tx: Tx,
  tenant: string,
  judged: JudgedToken,
  recentSince: Date,
): Promise<boolean> {
  const { decisionId, tokenId, stationId, accepted, at } = judged;
  if (!accepted) {
    await tx.query(
      `update token_place set cache_until = null
        where tenant = $1 and token_id = $2 and station_id = $3 and accepted_at < $4`,
      [tenant, tokenId, stationId, at],
    );
    return false;
  }
  const rows = await tx.query<{ news: boolean }>(
    `with before as (select accepted_at from token_place where tenant = $1 and token_id = $2 and station_id = $3)
      insert into token_place as held (tenant, token_id, station_id, accepted_at, cache_until)
      values ($1, $2, $3, $4, coalesce(
        (select d.cache_expiry from authorization_decision d where d.tenant = $1 and d.id = $5), $4::timestamptz + ${UNSAID_CACHE}))
      on conflict on constraint token_place_pk do update set accepted_at = excluded.accepted_at,
        cache_until = excluded.cache_until
      where held.accepted_at < excluded.accepted_at
      returning not exists (select 1 from before where accepted_at > $6) as news`,
    [tenant, tokenId, stationId, at, decisionId, recentSince],
  );
  return rows[0]?.news ?? false;
}
