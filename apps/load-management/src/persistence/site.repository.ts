import type { SortKey, Tx } from '@kilowatch/platform';
import type { Deciampere } from '../domain/plan.js';

export interface Site {
  readonly tenant: string;
  readonly locationId: string;
  readonly limitDa: Deciampere | null;
  /** When there is something to send. */
  readonly dueAt: Date | null;
  /** Cars have told there what they need. */
  readonly hasCars: boolean;
}

/** A site with what its active sessions are given, for people. */
export interface SiteUse {
  readonly locationId: string;
  readonly limitDa: Deciampere;
  readonly allocatedDa: Deciampere;
  readonly activeSessions: number;
}

interface UseRow {
  location_id: string;
  limit_da: number;
  allocated_da: string;
  active_sessions: string;
}

export async function saveLocation(
  tx: Tx,
  tenant: string,
  locationId: string,
  name: string,
  version: number,
): Promise<void> {
  await tx.query(
    `insert into site as held (tenant, location_id, name, location_version) values ($1, $2, $3, $4)
      on conflict on constraint site_pk do update set name = excluded.name, location_version = excluded.location_version
      where held.location_version < excluded.location_version`,
    [tenant, locationId, name, version],
  );
}

/** The site, locked until the end of the transaction: its limits change under this lock only. */
export async function lockSite(tx: Tx, tenant: string, locationId: string): Promise<Site | undefined> {
  const [row] = await tx.query<{ limit_da: number | null; due_at: Date | null; has_cars: boolean }>(
    `select limit_da, due_at, exists (select from car_needs c where c.tenant = s.tenant
        and c.location_id = s.location_id) as has_cars
      from site s where tenant = $1 and location_id = $2 for update`,
    [tenant, locationId],
  );
  return row && { tenant, locationId, limitDa: row.limit_da, dueAt: row.due_at, hasCars: row.has_cars };
}

export async function setLimit(
  tx: Tx,
  site: Site,
  limitDa: Deciampere | null,
  by: string,
  at: Date,
): Promise<void> {
  await tx.query(
    'update site set limit_da = $3, limit_set_by = $4, limit_set_at = $5 where tenant = $1 and location_id = $2',
    [site.tenant, site.locationId, limitDa, by, at],
  );
}

/** Costs nothing when it is known already. */
export async function keepDue(tx: Tx, site: Site, dueAt: Date | undefined): Promise<void> {
  if (site.dueAt?.getTime() !== dueAt?.getTime()) await setDue(tx, site, dueAt);
}

export async function setDue(
  tx: Tx,
  site: Pick<Site, 'tenant' | 'locationId'>,
  dueAt: Date | undefined,
): Promise<void> {
  await tx.query('update site set due_at = $3 where tenant = $1 and location_id = $2', [
    site.tenant,
    site.locationId,
    dueAt ?? null,
  ]);
}

/** Sites of all tenants that have something to send, locked. */
export async function takeDueSites(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<{ tenant: string; locationId: string }[]> {
  const rows = await tx.query<{ tenant: string; location_id: string }>(
    'select tenant, location_id from site where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map((row) => ({ tenant: row.tenant, locationId: row.location_id }));
}

export async function siteUses(tx: Tx, tenant: string, locationIds: readonly string[]): Promise<SiteUse[]> {
  const rows = await tx.query<UseRow>(`${USES} and s.location_id = any($2::uuid[])`, [tenant, locationIds]);
  return rows.map(toUse);
}

export async function listSiteUses(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<SiteUse[]> {
  const rows = await tx.query<UseRow>(
    `${USES} and ($2::uuid is null or s.location_id > $2) order by s.location_id limit $3`,
    [tenant, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toUse);
}

const USES = `select s.location_id, s.limit_da,
    (select coalesce(sum(l.wanted_da), 0) from session_limit l
      where l.tenant = s.tenant and l.location_id = s.location_id) as allocated_da,
    (select count(*) from managed_session m
      where m.tenant = s.tenant and m.location_id = s.location_id and m.active) as active_sessions
  from site s where s.tenant = $1 and s.limit_da is not null`;

function toUse(row: UseRow): SiteUse {
  return {
    locationId: row.location_id,
    limitDa: row.limit_da,
    allocatedDa: Number(row.allocated_da),
    activeSessions: Number(row.active_sessions),
  };
}
