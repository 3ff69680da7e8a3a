import { gathered, pgArray, type Tx } from '@kilowatch/platform';

export interface TokenStart {
  readonly tokenId: string;
  readonly stationId: string;
  /** 0: the station did not say. */
  readonly evseNumber: number;
  readonly startedAt: Date;
  readonly now: Date;
  readonly heldUntil: Date;
}

/**
 * True: nobody else starts with the token. A second transaction that asks waits for the first one's row until that is committed, then
 * sees it; within one transaction `gathered` does the same. A start at the same EVSE is the same one again.
 */
export const claimStart = gathered<TokenStart, boolean>(
  ({ tokenId }) => tokenId,
  async (tx, tenant, starts) => {
    const rows = await tx.query<{ token_id: string }>(
      `insert into token_start as held (tenant, token_id, station_id, evse_number, started_at, held_until)
        select $1, s.* from unnest($2::uuid[], $3::uuid[], $4::int[], $5::timestamptz[], $6::timestamptz[]) s
        on conflict on constraint token_start_pk do update set station_id = excluded.station_id,
          evse_number = excluded.evse_number, started_at = excluded.started_at, held_until = excluded.held_until
        where held.held_until <= $7 or (held.station_id = excluded.station_id
          and (excluded.evse_number = 0 or held.evse_number = excluded.evse_number))
        returning token_id`,
      [
        tenant,
        pgArray.uuid(starts.map(({ tokenId }) => tokenId)),
        pgArray.uuid(starts.map(({ stationId }) => stationId)),
        pgArray.int4(starts.map(({ evseNumber }) => evseNumber)),
        pgArray.timestamptz(starts.map(({ startedAt }) => startedAt)),
        pgArray.timestamptz(starts.map(({ heldUntil }) => heldUntil)),
        starts[0]!.now,
      ],
    );
    return new Map(rows.map((row) => [row.token_id, true]));
  },
);

export async function heldStart(
  tx: Tx,
  tenant: string,
  tokenId: string,
): Promise<{ stationId: string; evseNumber: number } | undefined> {
  const [row] = await tx.query<{ station_id: string; evse_number: number }>(
    'select station_id, evse_number from token_start where tenant = $1 and token_id = $2',
    [tenant, tokenId],
  );
  return row && { stationId: row.station_id, evseNumber: row.evse_number };
}

/** Stations say when in whole seconds, or with more digits than that. */
const SAME_MOMENT = `interval '2 seconds'`;

export interface ToldStart {
  readonly sessionId: string;
  readonly tokenId: string;
  readonly stationId: string;
  readonly at: Date;
}

/** From here on the session itself says whether the token is in use. What is told from before the start is of another session. */
export const releaseStart = gathered(
  ({ sessionId }: ToldStart) => sessionId,
  async (tx, tenant, told) => {
    await tx.query(
      `delete from token_start h using unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as s(token_id, station_id, at)
        where h.tenant = $1 and h.token_id = s.token_id and h.station_id = s.station_id and h.started_at <= s.at + ${SAME_MOMENT}`,
      [
        tenant,
        pgArray.uuid(told.map(({ tokenId }) => tokenId)),
        pgArray.uuid(told.map(({ stationId }) => stationId)),
        pgArray.timestamptz(told.map(({ at }) => at)),
      ],
    );
  },
);
