import type { SortKey, Tx } from '@kilowatch/platform';
import type { IsoVersion, TrustPurpose } from '../domain/trust-purpose.js';

export interface StoredAnchor {
  readonly id: string;
  readonly purpose: TrustPurpose;
  /** Undefined: for every version. */
  readonly isoVersion: IsoVersion | undefined;
  readonly fingerprint: string;
  readonly subject: string;
  readonly der: Uint8Array;
  readonly notAfter: Date;
  readonly addedBy: string;
  readonly addedAt: Date;
  readonly removedBy: string | undefined;
  readonly removedAt: Date | undefined;
}

export interface StoredIntermediate {
  readonly id: string;
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly der: Uint8Array;
  readonly notAfter: Date;
  /** IMPORT: by somebody. CHAIN: it stood in a chain that was good. */
  readonly source: 'IMPORT' | 'CHAIN';
  readonly addedBy: string;
  readonly addedAt: Date;
}

interface AnchorRow {
  id: string;
  purpose: TrustPurpose;
  iso_version: IsoVersion | null;
  fingerprint: string;
  subject: string;
  der: Buffer;
  not_after: Date;
  added_by: string;
  added_at: Date;
  removed_by: string | null;
  removed_at: Date | null;
}

interface IntermediateRow {
  id: string;
  fingerprint: string;
  subject: string;
  issuer: string;
  der: Buffer;
  not_after: Date;
  source: 'IMPORT' | 'CHAIN';
  added_by: string;
  added_at: Date;
}

export interface AnchorFilter {
  readonly purpose: TrustPurpose | undefined;
  readonly removed: boolean;
}

export async function anchorsInUse(tx: Tx, tenant: string): Promise<StoredAnchor[]> {
  const rows = await tx.query<AnchorRow>(
    'select * from trust_anchor where tenant = $1 and removed_at is null order by id',
    [tenant],
  );
  return rows.map(toAnchor);
}

/** Latest first. */
export async function listAnchors(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  { purpose, removed }: AnchorFilter,
): Promise<StoredAnchor[]> {
  const rows = await tx.query<AnchorRow>(
    `select * from trust_anchor where tenant = $1 and ($2::uuid is null or id < $2)
        and ($3::text is null or purpose = $3) and ($4 or removed_at is null)
      order by id desc limit $5`,
    [tenant, page.after?.[0] ?? null, purpose ?? null, removed, page.limit],
  );
  return rows.map(toAnchor);
}

/** False: there already. */
export async function insertAnchor(tx: Tx, tenant: string, anchor: StoredAnchor): Promise<boolean> {
  const rows = await tx.query(
    `insert into trust_anchor (tenant, id, purpose, iso_version, fingerprint, subject, der, not_after, added_by, added_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict (tenant, purpose, fingerprint) where removed_at is null do nothing returning id`,
    [
      tenant,
      anchor.id,
      anchor.purpose,
      anchor.isoVersion ?? null,
      anchor.fingerprint,
      anchor.subject,
      Buffer.from(anchor.der),
      anchor.notAfter,
      anchor.addedBy,
      anchor.addedAt,
    ],
  );
  return rows.length > 0;
}

/** Undefined: there is none of that id in use. */
export async function markRemoved(
  tx: Tx,
  tenant: string,
  id: string,
  by: string,
  at: Date,
): Promise<StoredAnchor | undefined> {
  const rows = await tx.query<AnchorRow>(
    `with gone as (update trust_anchor set removed_by = $3, removed_at = $4
        where tenant = $1 and id = $2 and removed_at is null returning *)
      select * from gone`,
    [tenant, id, by, at],
  );
  return rows[0] && toAnchor(rows[0]);
}

export async function allIntermediates(tx: Tx, tenant: string): Promise<StoredIntermediate[]> {
  const rows = await tx.query<IntermediateRow>(
    'select * from trust_intermediate where tenant = $1 order by id',
    [tenant],
  );
  return rows.map(toIntermediate);
}

/** Latest first. */
export async function listIntermediates(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<StoredIntermediate[]> {
  const rows = await tx.query<IntermediateRow>(
    `select * from trust_intermediate where tenant = $1 and ($2::uuid is null or id < $2)
      order by id desc limit $3`,
    [tenant, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toIntermediate);
}

/** False: there already. */
export async function insertIntermediate(tx: Tx, tenant: string, one: StoredIntermediate): Promise<boolean> {
  const rows = await tx.query(
    `insert into trust_intermediate (tenant, id, fingerprint, subject, issuer, der, not_after, source, added_by, added_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning id`,
    [
      tenant,
      one.id,
      one.fingerprint,
      one.subject,
      one.issuer,
      Buffer.from(one.der),
      one.notAfter,
      one.source,
      one.addedBy,
      one.addedAt,
    ],
  );
  return rows.length > 0;
}

/** How many there are, after those that nobody imported and that have expired are gone. */
export async function countIntermediates(tx: Tx, tenant: string, now: Date): Promise<number> {
  await tx.query(`delete from trust_intermediate where tenant = $1 and source = 'CHAIN' and not_after < $2`, [
    tenant,
    now,
  ]);
  const [row] = await tx.query<{ count: string }>(
    'select count(*) as count from trust_intermediate where tenant = $1',
    [tenant],
  );
  return Number(row!.count);
}

function toAnchor(row: AnchorRow): StoredAnchor {
  return {
    id: row.id,
    purpose: row.purpose,
    isoVersion: row.iso_version ?? undefined,
    fingerprint: row.fingerprint,
    subject: row.subject,
    der: row.der,
    notAfter: row.not_after,
    addedBy: row.added_by,
    addedAt: row.added_at,
    removedBy: row.removed_by ?? undefined,
    removedAt: row.removed_at ?? undefined,
  };
}

function toIntermediate(row: IntermediateRow): StoredIntermediate {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    subject: row.subject,
    issuer: row.issuer,
    der: row.der,
    notAfter: row.not_after,
    source: row.source,
    addedBy: row.added_by,
    addedAt: row.added_at,
  };
}
