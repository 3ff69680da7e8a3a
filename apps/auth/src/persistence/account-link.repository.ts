import type { Tx } from '@kilowatch/platform';
import type { AccountLink, LinkPurpose } from '../domain/account-link.js';

interface Row {
  tenant: string;
  id: string;
  account_id: string;
  purpose: LinkPurpose;
  created_at: Date;
  expires_at: Date;
  ended_at: Date | null;
}

/** Earlier ones for the same purpose open nothing any more. */
export async function insertAccountLink(tx: Tx, link: AccountLink): Promise<void> {
  await endAccountLinks(tx, link.tenant, link.accountId, link.createdAt, link.purpose);
  await tx.query(
    `insert into account_link (tenant, id, account_id, purpose, created_at, expires_at)
      values ($1, $2, $3, $4, $5, $6)`,
    [link.tenant, link.id, link.accountId, link.purpose, link.createdAt, link.expiresAt],
  );
}

/** All of an account, or those for one purpose. */
export async function endAccountLinks(
  tx: Tx,
  tenant: string,
  accountId: string,
  at: Date,
  purpose?: LinkPurpose,
): Promise<void> {
  await tx.query(
    `update account_link set ended_at = $3
      where tenant = $1 and account_id = $2 and ended_at is null and ($4::text is null or purpose = $4)`,
    [tenant, accountId, at, purpose ?? null],
  );
}

/** Locked, so that two uses of one link are seen one after the other. */
export async function lockAccountLink(tx: Tx, tenant: string, id: string): Promise<AccountLink | undefined> {
  const rows = await tx.query<Row>('select * from account_link where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  return rows[0] && toLink(rows[0]);
}

export async function findAccountLink(tx: Tx, tenant: string, id: string): Promise<AccountLink | undefined> {
  const rows = await tx.query<Row>('select * from account_link where tenant = $1 and id = $2', [tenant, id]);
  return rows[0] && toLink(rows[0]);
}

export async function countAccountLinks(
  tx: Tx,
  tenant: string,
  accountId: string,
  since: Date,
): Promise<number> {
  const rows = await tx.query<{ n: string }>(
    'select count(*) as n from account_link where tenant = $1 and account_id = $2 and created_at > $3',
    [tenant, accountId, since],
  );
  return Number(rows[0]?.n ?? 0);
}

/** Of all tenants. */
export async function forgetAccountLinks(tx: Tx, before: Date, limit: number): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `delete from account_link where (tenant, id) in (
      select tenant, id from account_link where expires_at < $1 limit $2 for update skip locked) returning tenant`,
    [before, limit],
  );
}

function toLink(row: Row): AccountLink {
  return {
    tenant: row.tenant,
    id: row.id,
    accountId: row.account_id,
    purpose: row.purpose,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at ?? undefined,
  };
}
