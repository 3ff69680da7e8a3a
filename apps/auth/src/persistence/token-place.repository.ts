import { pgArray, type Tx } from '@kilowatch/platform';

export interface JudgedToken {
  readonly tokenId: string;
  readonly stationId: string;
  readonly accepted: boolean;
  readonly at: Date;
  /** Until when the station was told to believe it. */
  readonly cacheExpiry: Date | undefined;
}

/** A station may keep an answer without an expiry for as long as it likes; so long we reckon with it. */
const UNSAID_CACHE = `interval '90 days'`;

/**
 * Takes over where tokens were accepted, and until when those answers may be believed; a refusal replaces what the station's cache
 * had. In whatever order they come, the latest of a token at a station counts. Returns those tokens whose use is news at a station: the
 * first time, or the first within `newsMs`.
 */
export async function savePlaces(
  tx: Tx,
  tenant: string,
  judged: readonly JudgedToken[],
  newsMs: number,
): Promise<string[]> {
  const accepted = latestOf(judged.filter((one) => one.accepted));
  const refused = latestOf(judged.filter((one) => !one.accepted));
  const news = accepted.length === 0 ? [] : await saveAccepted(tx, tenant, accepted, newsMs);
  if (refused.length > 0) await saveRefused(tx, tenant, refused);
  return [...new Set(news)];
}

async function saveAccepted(
  tx: Tx,
  tenant: string,
  accepted: readonly JudgedToken[],
  newsMs: number,
): Promise<string[]> {
  // One statement: the part that reads sees what was held before. Lateral, by the token's places alone: a plan that was made while the
  // table was empty would join it as a whole or go through all tokens of the station, batch after batch.
  const held = await tx.query<{ token_id: string; station_id: string; accepted_at: Date }>(
    `with seen as (
        select * from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[]) as s(token_id, station_id, at, cache_expiry)
      ), saved as (
        insert into token_place as held (tenant, token_id, station_id, accepted_at, accepted_on, cache_until)
          select $1, token_id, station_id, at, (at at time zone 'UTC')::date, coalesce(cache_expiry, at + ${UNSAID_CACHE}) from seen
        on conflict on constraint token_place_pk do update set accepted_at = excluded.accepted_at,
          accepted_on = excluded.accepted_on, cache_until = excluded.cache_until
        where held.accepted_at < excluded.accepted_at
      )
      select s.token_id, s.station_id, p.accepted_at from seen s cross join lateral (select accepted_at from token_place p
        where p.tenant = $1 and p.token_id = s.token_id and p.station_id is not distinct from s.station_id limit 1) p`,
    [
      tenant,
      ...pairs(accepted),
      pgArray.timestamptz(accepted.map(({ at }) => at)),
      pgArray.timestamptz(accepted.map(({ cacheExpiry }) => cacheExpiry)),
    ],
  );
  const before = new Map(held.map((row) => [pairName(row.token_id, row.station_id), row.accepted_at]));
  return accepted.flatMap(({ tokenId, stationId, at }) => {
    const last = before.get(pairName(tokenId, stationId));
    return last && last.getTime() > at.getTime() - newsMs ? [] : [tokenId];
  });
}

async function saveRefused(tx: Tx, tenant: string, refused: readonly JudgedToken[]): Promise<void> {
  await tx.query(
    `update token_place p set cache_until = null
      from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as s(token_id, station_id, at)
      where p.tenant = $1 and p.token_id = s.token_id and p.station_id = s.station_id and p.accepted_at < s.at
        and p.cache_until is not null`,
    [tenant, ...pairs(refused), pgArray.timestamptz(refused.map(({ at }) => at))],
  );
}

function pairs(judged: readonly JudgedToken[]): unknown[] {
  return [
    pgArray.uuid(judged.map(({ tokenId }) => tokenId)),
    pgArray.uuid(judged.map(({ stationId }) => stationId)),
  ];
}

/** Of each token at each station the latest, in one order everywhere: rows are locked in it. */
function latestOf(judged: readonly JudgedToken[]): JudgedToken[] {
  const latest = new Map<string, JudgedToken>();
  for (const one of judged) {
    const name = pairName(one.tokenId, one.stationId);
    const held = latest.get(name);
    if (!held || held.at <= one.at) latest.set(name, one);
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function pairName(tokenId: string, stationId: string): string {
  return `${tokenId}|${stationId}`;
}
