import type { Tx } from '@kilowatch/platform';

/** Tables that are partitioned by month. */
export type Family = 'reading' | 'reading_minute' | 'reading_quarter';

/** Of rows that lie in no month, deleted at a time. */
const MOST_DELETED = 5_000;

/** `month`: its first day, as 2026-01-01. Answers false when it is there. */
export async function makePartition(tx: Tx, family: Family, month: string): Promise<boolean> {
  const [row] = await tx.query<{ made: boolean }>('select make_reading_partition($1, $2::date) as made', [
    family,
    month,
  ]);
  return row?.made === true;
}

/** The name of the partition that is gone; undefined when there is none that may go. */
export async function dropPartition(tx: Tx, family: Family, before: Date): Promise<string | undefined> {
  const [row] = await tx.query<{ dropped: string | null }>(
    'select drop_reading_partition($1, $2::timestamptz) as dropped',
    [family, before],
  );
  return row?.dropped ?? undefined;
}

/** Each way in which a session goes by a transaction id has its index. */
const UNDER_WAY = `select from metered_session s where s.tenant = o.tenant and s.station_id = o.station_id
  and (s.closed_at is null or s.curve_due_at is not null)`;

/** What lies in no month is forgotten row by row, and not while its session is under way. Answers how many rows went. */
export async function forgetOthers(tx: Tx, family: Family, before: Date): Promise<number> {
  const old =
    family === 'reading'
      ? `o.received_at < $1 and not exists (${UNDER_WAY} and s.transaction_ref = o.transaction_ref)
          and not exists (${UNDER_WAY} and s.station_ref = o.transaction_ref)`
      : `exists (select from metered_session s where s.tenant = o.tenant and s.session_id = o.session_id and s.closed_at < $1)`;
  const rows = await tx.query<{ gone: string }>(
    `with gone as (delete from ${family}_other where ctid = any (array(
        select o.ctid from ${family}_other o where ${old} limit ${MOST_DELETED})) returning 1)
      select count(*) as gone from gone`,
    [before],
  );
  return Number(rows[0]?.gone ?? 0);
}
