import { gathered, pgArray, type SortKey, type Tx } from '@kilowatch/platform';

export interface UnknownToken {
  readonly id: string;
  readonly value: string;
  readonly type: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly times: number;
  /** The latest first, a few. */
  readonly stationIds: readonly string[];
  readonly ignored: boolean;
}

export interface ShownUnknown {
  readonly id: string;
  readonly tokenHash: Buffer;
  readonly value: string;
  readonly type: string;
  readonly stationId: string;
  readonly at: Date;
}

/** Who makes up numbers at a station must not fill the table, nor push out what was shown lately by others. */
export const MOST_UNKNOWN = 1_000;
const MOST_STATIONS = 5;

/** A card is one row, however often and wherever it is shown. */
export const noteUnknown = gathered(
  ({ tokenHash }: ShownUnknown) => tokenHash.toString('hex'),
  async (tx, tenant, shown) => {
    await tx.query(
      `insert into unknown_token as held (tenant, id, token_hash, value, type, first_seen, last_seen, times, station_ids)
        select $1, s.id, s.hash, s.value, s.type, s.at, s.at, 1, array[s.station_id]
          from unnest($2::uuid[], $3::bytea[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[])
            as s(id, hash, value, type, station_id, at)
        on conflict on constraint unknown_token_hash do update set times = held.times + 1,
          last_seen = greatest(held.last_seen, excluded.last_seen), first_seen = least(held.first_seen, excluded.first_seen),
          station_ids = (excluded.station_ids || array_remove(held.station_ids, excluded.station_ids[1]))[1:${MOST_STATIONS}]`,
      [
        tenant,
        pgArray.uuid(shown.map(({ id }) => id)),
        pgArray.bytea(shown.map(({ tokenHash }) => tokenHash)),
        pgArray.text(shown.map(({ value }) => value)),
        pgArray.text(shown.map(({ type }) => type)),
        pgArray.uuid(shown.map(({ stationId }) => stationId)),
        pgArray.timestamptz(shown.map(({ at }) => at)),
      ],
    );
  },
);

interface Row {
  id: string;
  value: string;
  type: string;
  first_seen: Date;
  last_seen: Date;
  times: string;
  station_ids: string[];
  ignored_at: Date | null;
}

/** Last shown first. */
export async function listUnknown(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  ignored: boolean,
): Promise<UnknownToken[]> {
  const rows = await tx.query<Row>(
    `select * from unknown_token where tenant = $1 and (ignored_at is not null) = $2
        and ($3::timestamptz is null or (last_seen, id) < ($3, $4::uuid))
      order by last_seen desc, id desc limit $5`,
    [tenant, ignored, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
  return rows.map(toUnknown);
}

export async function lockUnknown(tx: Tx, tenant: string, id: string): Promise<UnknownToken | undefined> {
  const rows = await tx.query<Row>('select * from unknown_token where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  return rows[0] && toUnknown(rows[0]);
}

export async function saveIgnored(tx: Tx, tenant: string, id: string, at: Date | undefined): Promise<void> {
  await tx.query('update unknown_token set ignored_at = $3 where tenant = $1 and id = $2', [
    tenant,
    id,
    at ?? null,
  ]);
}

/** They are known now. */
export async function removeUnknown(tx: Tx, tenant: string, hashes: readonly Buffer[]): Promise<void> {
  await tx.query('delete from unknown_token where tenant = $1 and token_hash = any($2::bytea[])', [
    tenant,
    hashes,
  ]);
}

/** Of all tenants: what was not shown since, and of each tenant what is beyond the latest. A row for each that is gone. */
export async function forgetUnknown(tx: Tx, since: Date, limit: number): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `delete from unknown_token where (tenant, id) in (
        select tenant, id from (
          select tenant, id, last_seen, row_number() over (partition by tenant order by last_seen desc, id desc) as place
            from unknown_token
        ) ranked where last_seen < $1 or place > ${MOST_UNKNOWN} limit $2)
      returning tenant`,
    [since, limit],
  );
}

function toUnknown(row: Row): UnknownToken {
  return {
    id: row.id,
    value: row.value,
    type: row.type,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    times: Number(row.times),
    stationIds: row.station_ids,
    ignored: row.ignored_at !== null,
  };
}
