import type { Tx } from '@kilowatch/platform';

/** `priority`: which network profiles came first before, when the password went with one. */
export async function savePendingPassword(
  tx: Tx,
  tenant: string,
  stationId: string,
  pending: { readonly hash: string; readonly priority: string | undefined; readonly at: Date },
): Promise<void> {
  await tx.query(
    `update station_credential set pending_password_hash = $3, pending_since = $4, pending_priority = $5,
        restore_due_at = null, restore_attempts = 0, version = version + 1
      where tenant = $1 and station_id = $2`,
    [tenant, stationId, pending.hash, pending.at, pending.priority ?? null],
  );
}

/** The station said no: what it has stays. Only the one that was told of is dropped; false: it is another by now. */
export async function dropPendingPassword(
  tx: Tx,
  tenant: string,
  stationId: string,
  hash: string,
): Promise<boolean> {
  const rows = await tx.query(
    `update station_credential set pending_password_hash = null, pending_since = null, pending_priority = null,
        restore_due_at = null, version = version + 1
      where tenant = $1 and station_id = $2 and pending_password_hash = $3 returning 1`,
    [tenant, stationId, hash],
  );
  return rows.length > 0;
}

/** It came, but not with the password of its new network profile: where it still has not when `holdSeconds` are over since it was given. */
export async function planRestore(
  tx: Tx,
  tenant: string,
  stationId: string,
  { now, holdSeconds }: { readonly now: Date; readonly holdSeconds: number },
): Promise<void> {
  await tx.query(
    `update station_credential set restore_attempts = 0,
        restore_due_at = greatest($3::timestamptz, pending_since + $4 * interval '1 second')
      where tenant = $1 and station_id = $2 and pending_priority is not null and pending_password_hash is not null
        and pending_since < connected_at`,
    [tenant, stationId, now, holdSeconds],
  );
}

export interface DueRestore {
  readonly tenant: string;
  readonly stationId: string;
  readonly protocol: string;
  readonly priority: string;
  /** Of the password that did not work. */
  readonly hash: string;
  readonly attempts: number;
}

export async function takeRestores(tx: Tx, now: Date, limit: number): Promise<DueRestore[]> {
  const rows = await tx.query<{
    tenant: string;
    station_id: string;
    protocol: string;
    pending_priority: string;
    pending_password_hash: string;
    restore_attempts: number;
  }>(
    `select tenant, station_id, protocol, pending_priority, pending_password_hash, restore_attempts from station_credential
      where restore_due_at <= $1 and pending_priority is not null and pending_password_hash is not null
      order by restore_due_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    stationId: row.station_id,
    protocol: row.protocol,
    priority: row.pending_priority,
    hash: row.pending_password_hash,
    attempts: row.restore_attempts,
  }));
}

export async function putOffRestore(
  tx: Tx,
  { tenant, stationId, attempts }: DueRestore,
  dueAt: Date | null,
): Promise<void> {
  await tx.query(
    'update station_credential set restore_due_at = $3, restore_attempts = $4 where tenant = $1 and station_id = $2',
    [tenant, stationId, dueAt, attempts + 1],
  );
}
