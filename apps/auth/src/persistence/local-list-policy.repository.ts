import type { Tx } from '@kilowatch/platform';
import { EVERYWHERE, NO_POLICY, type ListPolicy } from '../domain/local-list/list-policy.js';

export interface StoredPolicy extends ListPolicy {
  /** EVERYWHERE: of the tenant. */
  readonly locationId: string;
  readonly changedBy: string;
  readonly changedAt: Date;
}

interface Row {
  location_id: string;
  enabled: boolean;
  groups: string[];
  recent_days: number;
  most_entries: number;
  changed_by: string;
  changed_at: Date;
}

/** Joins the policy that holds at a known station: its location's, else the tenant's. `s` is the station. */
export const POLICY_OF_STATION = `join lateral (
    select p.* from local_list_policy p
    where p.tenant = s.tenant and p.location_id in (s.location_id, '${EVERYWHERE}')
    order by p.location_id = '${EVERYWHERE}' limit 1
  ) policy on true`;

export async function listPolicies(tx: Tx, tenant: string): Promise<StoredPolicy[]> {
  const rows = await tx.query<Row>(
    'select * from local_list_policy where tenant = $1 order by location_id limit 1000',
    [tenant],
  );
  return rows.map(toPolicy);
}

export async function savePolicy(tx: Tx, tenant: string, policy: StoredPolicy): Promise<void> {
  await tx.query(
    `insert into local_list_policy (tenant, location_id, enabled, groups, recent_days, most_entries, changed_by, changed_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict on constraint local_list_policy_pk do update set enabled = excluded.enabled, groups = excluded.groups,
        recent_days = excluded.recent_days, most_entries = excluded.most_entries, changed_by = excluded.changed_by,
        changed_at = excluded.changed_at`,
    [
      tenant,
      policy.locationId,
      policy.enabled,
      policy.groups,
      policy.recentDays,
      policy.mostEntries,
      policy.changedBy,
      policy.changedAt,
    ],
  );
}

/** A location without a policy of its own follows the tenant's. */
export async function removePolicy(tx: Tx, tenant: string, locationId: string): Promise<void> {
  await tx.query('delete from local_list_policy where tenant = $1 and location_id = $2', [
    tenant,
    locationId,
  ]);
}

export async function policyOfStation(
  tx: Tx,
  tenant: string,
  stationId: string,
): Promise<{ policy: ListPolicy; locationId: string | undefined }> {
  const rows = await tx.query<Row & { at: string }>(
    `select policy.*, s.location_id as at from known_station s left ${POLICY_OF_STATION}
      where s.tenant = $1 and s.station_id = $2`,
    [tenant, stationId],
  );
  const [row] = rows;
  return { policy: row?.location_id ? toPolicy(row) : NO_POLICY, locationId: row?.at };
}

export async function isKnownLocation(tx: Tx, tenant: string, locationId: string): Promise<boolean> {
  const rows = await tx.query(`select 1 from known_location where tenant = $1 and location_id = $2`, [
    tenant,
    locationId,
  ]);
  return rows.length > 0;
}

function toPolicy(row: Row): StoredPolicy {
  return {
    locationId: row.location_id,
    enabled: row.enabled,
    groups: row.groups,
    recentDays: row.recent_days,
    mostEntries: row.most_entries,
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  };
}

/** Whether any list is made of what was used at its place: else a use changes no list. */
export async function isUseAskedFor(tx: Tx, tenant: string): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from local_list_policy where tenant = $1 and enabled and recent_days > 0 limit 1',
    [tenant],
  );
  return rows.length > 0;
}
