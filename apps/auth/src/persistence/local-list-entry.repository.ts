import type { Tx } from '@kilowatch/platform';
import { entryHash } from '../domain/local-list/list-entry.js';
import type { HeldEntry, ListMessage } from '../domain/local-list/list-plan.js';

interface Row {
  token_id: string;
  told_id: string;
  told_type: string;
  hash: string;
}

interface OfStation {
  readonly tenant: string;
  readonly stationId: string;
}

/** What the station is known to hold; `among`: of these tokens. */
export async function heldEntries(
  tx: Tx,
  { tenant, stationId }: OfStation,
  among?: readonly string[],
): Promise<HeldEntry[]> {
  const rows = await tx.query<Row>(
    `select token_id, told_id, told_type, hash from local_list_entry
      where tenant = $1 and station_id = $2 and hash is not null and ($3::uuid[] is null or token_id = any ($3))`,
    [tenant, stationId, among ?? null],
  );
  return rows.map((row) => ({ tokenId: row.token_id, id: row.told_id, type: row.told_type, hash: row.hash }));
}

export async function countHeld(
  tx: Tx,
  tenant: string,
  stationIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ station_id: string; n: string }>(
    `select station_id, count(*) as n from local_list_entry
      where tenant = $1 and station_id = any ($2::uuid[]) and hash is not null group by station_id`,
    [tenant, stationIds],
  );
  return new Map(rows.map(({ station_id: id, n }) => [id, Number(n)]));
}

/** Before a message leaves: from now on the station may accept what it accepts. */
export async function noteUnderWay(
  tx: Tx,
  { tenant, stationId }: OfStation,
  { upserts }: ListMessage,
  now: Date,
): Promise<void> {
  const accepted = upserts.filter(({ status }) => status === 'Accepted');
  if (accepted.length === 0) return;
  await tx.query(
    `insert into local_list_entry (tenant, station_id, token_id, told_id, told_type, maybe, changed_at)
      select $1, $2, e.*, true, $6 from unnest($3::uuid[], $4::text[], $5::text[]) e
      on conflict on constraint local_list_entry_pk do update set maybe = true`,
    [
      tenant,
      stationId,
      accepted.map(({ tokenId }) => tokenId),
      accepted.map(({ id }) => id),
      accepted.map(({ type }) => type),
      now,
    ],
  );
}

/** It was surely not applied: what was there before is there still. */
export async function noteNotApplied(tx: Tx, { tenant, stationId }: OfStation): Promise<void> {
  await tx.query(
    'update local_list_entry set maybe = false where tenant = $1 and station_id = $2 and maybe',
    [tenant, stationId],
  );
}

/** The station said yes to the message. Rows of what it no longer holds stay for a while: they tell that it let go. */
export async function noteApplied(
  tx: Tx,
  { tenant, stationId }: OfStation,
  message: ListMessage,
  { now, endsThem }: { now: Date; endsThem: ReadonlyMap<string, Date> },
): Promise<void> {
  if (message.updateType === 'Full') await noteEmpty(tx, { tenant, stationId }, now);
  const { upserts, removals } = message;
  if (removals.length > 0)
    await tx.query(
      `update local_list_entry set held_status = null, hash = null, maybe = false, expires_at = null, changed_at = $4
        where tenant = $1 and station_id = $2 and token_id = any ($3::uuid[])`,
      [tenant, stationId, removals.map(({ tokenId }) => tokenId), now],
    );
  if (upserts.length === 0) return;
  await tx.query(
    `insert into local_list_entry (tenant, station_id, token_id, told_id, told_type, held_status, hash, expires_at, maybe, changed_at)
      select $1, $2, e.*, false, $9
        from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[]) e
      on conflict on constraint local_list_entry_pk do update set told_id = excluded.told_id, told_type = excluded.told_type,
        held_status = excluded.held_status, hash = excluded.hash, expires_at = excluded.expires_at, maybe = false,
        changed_at = excluded.changed_at`,
    [
      tenant,
      stationId,
      upserts.map(({ tokenId }) => tokenId),
      upserts.map(({ id }) => id),
      upserts.map(({ type }) => type),
      upserts.map(({ status }) => status),
      upserts.map(entryHash),
      upserts.map(({ tokenId }) => endsThem.get(tokenId) ?? null),
      now,
    ],
  );
}

/** It holds nothing any more. */
export async function noteEmpty(tx: Tx, { tenant, stationId }: OfStation, now: Date): Promise<void> {
  await tx.query(
    `update local_list_entry set held_status = null, hash = null, maybe = false, expires_at = null, changed_at = $3
      where tenant = $1 and station_id = $2 and (hash is not null or maybe)`,
    [tenant, stationId, now],
  );
}

/** What it let go of so long ago that nobody asks. */
export async function dropOldTraces(tx: Tx, { tenant, stationId }: OfStation, before: Date): Promise<void> {
  await tx.query(
    `delete from local_list_entry where tenant = $1 and station_id = $2 and hash is null and not maybe and changed_at < $3`,
    [tenant, stationId, before],
  );
}

/** Tokens of the station whose entries are to be looked at; they are looked at now. */
export async function takeChanges(tx: Tx, { tenant, stationId }: OfStation): Promise<string[]> {
  const rows = await tx.query<{ token_id: string }>(
    'delete from local_list_change where tenant = $1 and station_id = $2 returning token_id',
    [tenant, stationId],
  );
  return rows.map(({ token_id: id }) => id);
}
