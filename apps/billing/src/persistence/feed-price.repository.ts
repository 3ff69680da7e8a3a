import { decimal } from '@kilowatch/kernel';
import { pgArray, type Tx } from '@kilowatch/platform';
import { laidOut, type Stretch } from '../domain/feeds/curve.js';

export interface CurveKey {
  readonly source: string;
  readonly area: string;
}

interface Row {
  starts_at: Date;
  ends_at: Date;
  value: string;
  unit: string;
  seen_at: Date;
  revision: number;
}

/** What is new or another than what was known becomes a revision; returns how many did. The same again changes nothing. */
export async function recordStretches(
  tx: Tx,
  tenant: string,
  { source, area }: CurveKey,
  stretches: readonly Stretch[],
  seenAt: Date,
): Promise<number> {
  if (stretches.length === 0) return 0;
  const rows = await tx.query(
    `insert into feed_price (tenant, source, area, starts_at, ends_at, revision, value, unit, seen_at)
      select $1, $2, $3, n.starts_at, n.ends_at, coalesce(held.revision, 0) + 1, n.value, n.unit, $8
        from unnest($4::timestamptz[], $5::timestamptz[], $6::numeric[], $7::text[]) as n (starts_at, ends_at, value, unit)
        left join lateral (select h.revision, h.ends_at, h.value, h.unit from feed_price h
          where h.tenant = $1 and h.source = $2 and h.area = $3 and h.starts_at = n.starts_at
          order by h.revision desc limit 1) held on true
        where held.revision is null or held.ends_at <> n.ends_at or held.value <> n.value or held.unit <> n.unit
      on conflict on constraint feed_price_pk do nothing
      returning revision`,
    [
      tenant,
      source,
      area,
      pgArray.timestamptz(stretches.map(({ start }) => start)),
      pgArray.timestamptz(stretches.map(({ end }) => end)),
      stretches.map(({ value }) => value.toFixed()),
      pgArray.text(stretches.map(({ unit }) => unit)),
      seenAt,
    ],
  );
  return rows.length;
}

/** The longest stretch that is ever recorded: what begins earlier does not reach into the time asked for. */
const LONGEST_MS = 40 * 86_400_000;

/** What is known of a time, the newest word on each moment; every stretch as it was recorded, also where it reaches beyond the time. */
export async function curveBetween(
  tx: Tx,
  tenant: string,
  { source, area }: CurveKey,
  from: Date,
  to: Date,
): Promise<Stretch[]> {
  const rows = await tx.query<Row>(
    `select starts_at, ends_at, value, unit, seen_at, revision from feed_price
      where tenant = $1 and source = $2 and area = $3 and starts_at >= $4 and starts_at < $5 and ends_at > $6
      order by seen_at desc, starts_at, revision desc`,
    [tenant, source, area, new Date(from.getTime() - LONGEST_MS), to, from],
  );
  return laidOut(
    rows.map((row) => ({
      start: row.starts_at,
      end: row.ends_at,
      value: decimal(row.value),
      unit: row.unit,
    })),
  );
}

/** Of all tenants; returns how many went. */
export async function dropStretchesBefore(
  tx: Tx,
  before: Date,
  limit: number,
): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `delete from feed_price where ctid in (select ctid from feed_price where ends_at < $1 limit $2 for update skip locked)
      returning tenant`,
    [before, limit],
  );
}
