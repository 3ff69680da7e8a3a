import type { SortKey, Tx } from '@kilowatch/platform';

export type ProposalState = 'NEW' | 'APPROVED' | 'REJECTED';

export interface RootProposal {
  readonly tenant: string;
  /** SHA-256, hex. */
  readonly fingerprint: string;
  /** V2G | MO | OEM, as the pool says. */
  readonly purpose: string;
  readonly schemaVersion: string;
  readonly der: Buffer;
  readonly subject: string;
  readonly notAfter: Date;
  readonly state: ProposalState;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly decidedBy: string | undefined;
  readonly decidedAt: Date | undefined;
}

export type SeenRoot = Pick<
  RootProposal,
  'fingerprint' | 'purpose' | 'schemaVersion' | 'der' | 'subject' | 'notAfter'
>;

interface Row {
  tenant: string;
  fingerprint: string;
  purpose: string;
  schema_version: string;
  der: Buffer;
  subject: string;
  not_after: Date;
  state: ProposalState;
  first_seen_at: Date;
  last_seen_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
}

/** What was decided about a root stays decided, however often the pool tells of it. */
export async function saveSeenRoots(
  tx: Tx,
  tenant: string,
  roots: readonly SeenRoot[],
  at: Date,
): Promise<void> {
  if (roots.length === 0) return;
  await tx.query(
    `insert into root_proposal (tenant, fingerprint, purpose, schema_version, der, subject, not_after, state,
        first_seen_at, last_seen_at)
      select $1, r.*, 'NEW', $8, $8
        from unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::timestamptz[]) r
      on conflict on constraint root_proposal_pk do update set last_seen_at = excluded.last_seen_at`,
    [
      tenant,
      roots.map(({ fingerprint }) => fingerprint),
      roots.map(({ purpose }) => purpose),
      roots.map(({ schemaVersion }) => schemaVersion),
      roots.map(({ der }) => der),
      roots.map(({ subject }) => subject),
      roots.map(({ notAfter }) => notAfter),
      at,
    ],
  );
}

export async function listProposals(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  state: string | undefined,
): Promise<RootProposal[]> {
  const rows = await tx.query<Row>(
    `select * from root_proposal where tenant = $1 and ($2::text is null or state = $2)
        and ($3::text is null or fingerprint > $3)
      order by fingerprint limit $4`,
    [tenant, state ?? null, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toProposal);
}

export async function findProposal(
  tx: Tx,
  tenant: string,
  fingerprint: string,
): Promise<RootProposal | undefined> {
  const rows = await tx.query<Row>('select * from root_proposal where tenant = $1 and fingerprint = $2', [
    tenant,
    fingerprint,
  ]);
  return rows[0] && toProposal(rows[0]);
}

export async function saveProposalState(
  tx: Tx,
  { tenant, fingerprint, state, decidedBy, decidedAt }: RootProposal,
): Promise<void> {
  await tx.query(
    `update root_proposal set state = $3, decided_by = $4, decided_at = $5 where tenant = $1 and fingerprint = $2`,
    [tenant, fingerprint, state, decidedBy, decidedAt],
  );
}

export interface PoolSync {
  readonly tenant: string;
}

/** Of tenants that have a pool; those that are new get a row. */
export async function takeDueSyncs(
  tx: Tx,
  tenants: readonly string[],
  now: Date,
  limit: number,
): Promise<PoolSync[]> {
  await tx.query(
    `insert into pool_sync (tenant, due_at, last_error) select t, $2, '' from unnest($1::text[]) t
      on conflict do nothing`,
    [tenants, now],
  );
  return tx.query<PoolSync>(
    `select tenant from pool_sync where due_at <= $2 and tenant = any ($1::text[]) limit $3
      for update skip locked`,
    [tenants, now, limit],
  );
}

export async function saveSync(
  tx: Tx,
  tenant: string,
  { dueAt, error, succeededAt }: { dueAt: Date; error?: string; succeededAt?: Date },
): Promise<void> {
  await tx.query(
    `update pool_sync set due_at = $2, last_error = coalesce($3, last_error),
        last_success_at = coalesce($4, last_success_at)
      where tenant = $1`,
    [tenant, dueAt, error ?? null, succeededAt ?? null],
  );
}

function toProposal(row: Row): RootProposal {
  return {
    tenant: row.tenant,
    fingerprint: row.fingerprint,
    purpose: row.purpose,
    schemaVersion: row.schema_version,
    der: row.der,
    subject: row.subject,
    notAfter: row.not_after,
    state: row.state,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    decidedBy: row.decided_by ?? undefined,
    decidedAt: row.decided_at ?? undefined,
  };
}
