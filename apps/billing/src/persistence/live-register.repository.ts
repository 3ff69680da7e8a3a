import { gathered, pgArray, type Tx } from '@kilowatch/platform';
import type { RegisterBucket } from '../domain/register-buckets.js';
import type { RegisterPoint } from '../domain/session-course.js';

export interface TransactionKey {
  readonly stationId: string;
  readonly transactionRef: string;
}

/** One statement for a whole batch, in any order and any number of times. Buckets sorted by key, each once. */
export async function mergeBuckets(
  tx: Tx,
  tenant: string,
  buckets: readonly RegisterBucket[],
): Promise<void> {
  await tx.query(
    `insert into live_register as held (tenant, station_id, transaction_ref, bucket, first_at, first_mwh, last_at, last_mwh)
      select $1, * from unnest($2::uuid[], $3::text[], $4::int[], $5::timestamptz[], $6::bigint[], $7::timestamptz[], $8::bigint[])
      on conflict on constraint live_register_pk do update set
        first_mwh = case when excluded.first_at < held.first_at then excluded.first_mwh else held.first_mwh end,
        first_at = least(excluded.first_at, held.first_at),
        last_mwh = case when excluded.last_at > held.last_at then excluded.last_mwh else held.last_mwh end,
        last_at = greatest(excluded.last_at, held.last_at)
      where excluded.first_at < held.first_at or excluded.last_at > held.last_at`,
    [
      tenant,
      pgArray.uuid(buckets.map((bucket) => bucket.stationId)),
      pgArray.text(buckets.map((bucket) => bucket.transactionRef)),
      pgArray.int4(buckets.map((bucket) => bucket.bucket)),
      pgArray.timestamptz(buckets.map((bucket) => bucket.firstAt)),
      pgArray.int8(buckets.map((bucket) => bucket.firstMwh)),
      pgArray.timestamptz(buckets.map((bucket) => bucket.lastAt)),
      pgArray.int8(buckets.map((bucket) => bucket.lastMwh)),
    ],
  );
}

/** Register values of transactions, keyed `station|ref`. */
export async function registersOf(
  tx: Tx,
  tenant: string,
  keys: readonly TransactionKey[],
): Promise<Map<string, RegisterPoint[]>> {
  const rows = await tx.query<{
    station_id: string;
    transaction_ref: string;
    first_at: Date;
    first_mwh: string;
    last_at: Date;
    last_mwh: string;
  }>(
    `select r.* from live_register r
      join (select distinct * from unnest($2::uuid[], $3::text[])) k (station_id, transaction_ref)
      using (station_id, transaction_ref) where r.tenant = $1`,
    [tenant, keys.map((key) => key.stationId), keys.map((key) => key.transactionRef)],
  );
  const points = new Map<string, RegisterPoint[]>();
  for (const row of rows) {
    const key = registerKey({ stationId: row.station_id, transactionRef: row.transaction_ref });
    const list = points.get(key) ?? [];
    list.push({ at: row.first_at, mwh: Number(row.first_mwh) });
    if (row.last_at > row.first_at) list.push({ at: row.last_at, mwh: Number(row.last_mwh) });
    points.set(key, list);
  }
  return points;
}

export function registerKey(key: TransactionKey): string {
  return `${key.stationId}|${key.transactionRef}`;
}

export const dropRegisters = gathered<TransactionKey>(registerKey, async (tx, tenant, keys) => {
  await tx.query(
    `delete from live_register r using unnest($2::uuid[], $3::text[]) as k (station_id, transaction_ref)
      where r.tenant = $1 and r.station_id = k.station_id and r.transaction_ref = k.transaction_ref`,
    [
      tenant,
      pgArray.uuid(keys.map(({ stationId }) => stationId)),
      pgArray.text(keys.map(({ transactionRef }) => transactionRef)),
    ],
  );
});

export interface RegisterRow extends TransactionKey {
  readonly tenant: string;
  readonly bucket: number;
}

export async function takeRegistersBefore(tx: Tx, bucket: number, limit: number): Promise<RegisterRow[]> {
  const rows = await tx.query<{
    tenant: string;
    station_id: string;
    transaction_ref: string;
    bucket: number;
  }>(
    `select tenant, station_id, transaction_ref, bucket from live_register where bucket < $1
      order by bucket limit $2 for update skip locked`,
    [bucket, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    stationId: row.station_id,
    transactionRef: row.transaction_ref,
    bucket: row.bucket,
  }));
}
