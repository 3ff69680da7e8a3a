import type { Tx } from '@kilowatch/platform';

/** Failures of a key in one minute, on all pods. */
export interface CountedFailures {
  /** Base64. */
  readonly key: string;
  readonly failures: number;
  /** The latest of them. */
  readonly lastAt: Date;
}

/** Counts one failure for each key, and says what all pods counted since: one statement. System scope. */
export async function countFailures(
  tx: Tx,
  tenant: string,
  keys: readonly Buffer[],
  at: Date,
  since: Date,
): Promise<CountedFailures[]> {
  const rows = await tx.query<{ key: string; failures: number; last_at: Date }>(
    `with noted as (
        insert into failed_attempt as held (tenant, key, minute, failures, last_at)
          select $1, key, date_trunc('minute', $3::timestamptz, 'UTC'), 1, $3 from unnest($2::bytea[]) as key order by key
        on conflict on constraint failed_attempt_pk do update
          set failures = held.failures + 1, last_at = greatest(held.last_at, excluded.last_at)
        returning key, failures, last_at)
      select encode(key, 'base64') as key, failures, last_at from noted
      union all
      select encode(key, 'base64'), failures, last_at from failed_attempt
        where tenant = $1 and key = any($2::bytea[]) and last_at > $4
          and minute <> date_trunc('minute', $3::timestamptz, 'UTC')`,
    [tenant, keys, at, since],
  );
  return rows.map((row) => ({ key: row.key, failures: row.failures, lastAt: row.last_at }));
}

export async function forgetFailuresOf(tx: Tx, tenant: string, key: Buffer): Promise<void> {
  await tx.query('delete from failed_attempt where tenant = $1 and key = $2', [tenant, key]);
}

/** Of all tenants. */
export async function forgetFailedAttempts(
  tx: Tx,
  before: Date,
  limit: number,
): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `delete from failed_attempt where (tenant, key, minute) in (
      select tenant, key, minute from failed_attempt where minute < $1 limit $2 for update skip locked)
      returning tenant`,
    [before, limit],
  );
}
