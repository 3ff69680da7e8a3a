import type { SortKey, Tx } from '@kilowatch/platform';

export interface WantedRoot {
  readonly tenant: string;
  readonly id: string;
  /** Word of 2.x: V2GRootCertificate, ... */
  readonly purpose: string;
  /** For the stations of one location, or one station; both null: for all of the tenant. */
  readonly locationId: string | null;
  readonly stationId: string | null;
  /** PEM. */
  readonly certificate: string;
  readonly fingerprint: string;
  readonly subject: string;
  readonly serial: string;
  readonly notAfter: Date;
  readonly addedBy: string;
  readonly createdAt: Date;
}

/** As the station reported it. */
export interface InstalledRoot {
  readonly purpose: string;
  readonly hashAlgorithm: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
  /** Of a V2GCertificateChain: serial number of the certificate it stands under; else empty. */
  readonly parentSerial: string;
}

export type KnownRoot = InstalledRoot & { readonly stationId: string; readonly seenAt: Date };

export interface RootLook {
  readonly tenant: string;
  readonly stationId: string;
  readonly attempts: number;
}

interface WantedRow {
  tenant: string;
  id: string;
  purpose: string;
  location_id: string | null;
  station_id: string | null;
  certificate: string;
  fingerprint: string;
  subject: string;
  serial: string;
  not_after: Date;
  added_by: string;
  created_at: Date;
}

interface InstalledRow {
  station_id: string;
  purpose: string;
  hash_algorithm: string;
  issuer_name_hash: string;
  issuer_key_hash: string;
  serial_number: string;
  parent_serial: string;
  seen_at: Date;
}

/** False: it is wanted already. */
export async function insertWantedRoot(tx: Tx, root: WantedRoot): Promise<boolean> {
  const rows = await tx.query(
    `insert into wanted_root (tenant, id, purpose, location_id, station_id, certificate, fingerprint, subject, serial,
        not_after, added_by, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning 1`,
    [
      root.tenant,
      root.id,
      root.purpose,
      root.locationId,
      root.stationId,
      root.certificate,
      root.fingerprint,
      root.subject,
      root.serial,
      root.notAfter,
      root.addedBy,
      root.createdAt,
    ],
  );
  return rows.length > 0;
}

export async function deleteWantedRoot(tx: Tx, tenant: string, id: string): Promise<boolean> {
  const rows = await tx.query('delete from wanted_root where tenant = $1 and id = $2 returning 1', [
    tenant,
    id,
  ]);
  return rows.length > 0;
}

/** Latest first. */
export async function listWantedRoots(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<WantedRoot[]> {
  const rows = await tx.query<WantedRow>(
    `select * from wanted_root where tenant = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [tenant, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toWanted);
}

export async function wantedForStation(tx: Tx, tenant: string, stationId: string): Promise<WantedRoot[]> {
  const rows = await tx.query<WantedRow>(
    `select * from wanted_root where tenant = $1 and (station_id = $2 or (station_id is null and (location_id is null
        or location_id = (select location_id from known_station where tenant = $1 and station_id = $2))))
      order by created_at, id`,
    [tenant, stationId],
  );
  return rows.map(toWanted);
}

/** What the station holds now: all that it held before and did not name again is gone. */
export async function replaceInstalled(
  tx: Tx,
  tenant: string,
  stationId: string,
  roots: readonly InstalledRoot[],
  now: Date,
): Promise<void> {
  await tx.query('delete from installed_root where tenant = $1 and station_id = $2', [tenant, stationId]);
  if (roots.length === 0) return;
  await tx.query(
    `insert into installed_root (tenant, station_id, purpose, hash_algorithm, issuer_name_hash, issuer_key_hash,
        serial_number, parent_serial, seen_at)
      select $1, $2, r.*, $3 from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) r
      on conflict do nothing`,
    [
      tenant,
      stationId,
      now,
      roots.map(({ purpose }) => purpose),
      roots.map(({ hashAlgorithm }) => hashAlgorithm),
      roots.map(({ issuerNameHash }) => issuerNameHash),
      roots.map(({ issuerKeyHash }) => issuerKeyHash),
      roots.map(({ serialNumber }) => serialNumber),
      roots.map(({ parentSerial }) => parentSerial),
    ],
  );
}

export async function forgetInstalled(
  tx: Tx,
  tenant: string,
  stationId: string,
  root: InstalledRoot,
): Promise<void> {
  await tx.query(
    `delete from installed_root where tenant = $1 and station_id = $2 and purpose = $3 and issuer_key_hash = $4
        and serial_number = $5`,
    [tenant, stationId, root.purpose, root.issuerKeyHash, root.serialNumber],
  );
}

export async function installedAt(
  tx: Tx,
  tenant: string,
  stationIds: readonly string[],
): Promise<KnownRoot[]> {
  const rows = await tx.query<InstalledRow>(
    `select * from installed_root where tenant = $1 and station_id = any($2)
      order by station_id, purpose, parent_serial, serial_number`,
    [tenant, stationIds],
  );
  return rows.map((row) => ({
    stationId: row.station_id,
    purpose: row.purpose,
    hashAlgorithm: row.hash_algorithm,
    issuerNameHash: row.issuer_name_hash,
    issuerKeyHash: row.issuer_key_hash,
    serialNumber: row.serial_number,
    parentSerial: row.parent_serial,
    seenAt: row.seen_at,
  }));
}

/** Stations of the root's group are looked at within `spreadSeconds`, each at a time of its own. */
export async function planLooks(
  tx: Tx,
  tenant: string,
  group: { readonly locationId: string | null; readonly stationId: string | null },
  now: Date,
  spreadSeconds: number,
): Promise<void> {
  await tx.query(
    `insert into root_look (tenant, station_id, due_at)
      select c.tenant, c.station_id, $4::timestamptz + random() * $5 * interval '1 second' from station_credential c
        left join known_station k on k.tenant = c.tenant and k.station_id = c.station_id
        where c.tenant = $1 and ($3::uuid is null or c.station_id = $3) and ($2::uuid is null or k.location_id = $2)
      on conflict on constraint root_look_pk do update set due_at = excluded.due_at, attempts = 0, problem = ''`,
    [tenant, group.locationId, group.stationId, now, spreadSeconds],
  );
}

/** The station is back: what waits is due, as is what was given up; one that was never looked at is, where the tenant wants any root. */
export async function hurryRootLook(tx: Tx, tenant: string, stationId: string, now: Date): Promise<void> {
  await tx.query(
    `insert into root_look as held (tenant, station_id, due_at)
      select $1, $2, $3 where exists (select 1 from wanted_root where tenant = $1)
      on conflict on constraint root_look_pk do update set due_at = $3,
        attempts = case when held.due_at is null then 0 else held.attempts end
        where held.due_at > $3 or (held.due_at is null and held.problem <> '')`,
    [tenant, stationId, now],
  );
}

export async function takeRootLooks(tx: Tx, now: Date, limit: number): Promise<RootLook[]> {
  const rows = await tx.query<{ tenant: string; station_id: string; attempts: number }>(
    'select * from root_look where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map((row) => ({ tenant: row.tenant, stationId: row.station_id, attempts: row.attempts }));
}

export async function saveRootLook(
  tx: Tx,
  { tenant, stationId }: Pick<RootLook, 'tenant' | 'stationId'>,
  to: {
    readonly dueAt: Date | null;
    readonly attempts: number;
    readonly problem?: string;
    readonly lookedAt?: Date;
  },
): Promise<void> {
  await tx.query(
    `update root_look set due_at = $3, attempts = $4, problem = $5, looked_at = coalesce($6, looked_at)
      where tenant = $1 and station_id = $2`,
    [tenant, stationId, to.dueAt, to.attempts, to.problem ?? '', to.lookedAt ?? null],
  );
}

function toWanted(row: WantedRow): WantedRoot {
  return {
    tenant: row.tenant,
    id: row.id,
    purpose: row.purpose,
    locationId: row.location_id,
    stationId: row.station_id,
    certificate: row.certificate,
    fingerprint: row.fingerprint,
    subject: row.subject,
    serial: row.serial,
    notAfter: row.not_after,
    addedBy: row.added_by,
    createdAt: row.created_at,
  };
}
