import type { SortKey, Tx } from '@kilowatch/platform';
import type { Role } from '../domain/account.js';

export interface Account {
  readonly tenant: string;
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly displayName: string;
  readonly role: Role;
  readonly locale: string;
  readonly active: boolean;
  readonly version: number;
  readonly createdAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  email: string;
  password_hash: string;
  display_name: string;
  role: Role;
  locale: string;
  active: boolean;
  version: string;
  created_at: Date;
}

/** False when the address is taken in this tenant. */
export async function insertAccount(tx: Tx, account: Account): Promise<boolean> {
  const rows = await tx.query(
    `insert into account (tenant, id, email, password_hash, display_name, role, locale, active, version, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict on constraint account_email do nothing returning 1`,
    [
      account.tenant,
      account.id,
      account.email,
      account.passwordHash,
      account.displayName,
      account.role,
      account.locale,
      account.active,
      account.version,
      account.createdAt,
    ],
  );
  return rows.length > 0;
}

export async function findAccountByEmail(
  tx: Tx,
  tenant: string,
  email: string,
): Promise<Account | undefined> {
  const rows = await tx.query<Row>('select * from account where tenant = $1 and email = $2', [tenant, email]);
  return rows[0] && toAccount(rows[0]);
}

export async function findAccounts(tx: Tx, tenant: string, ids: readonly string[]): Promise<Account[]> {
  const rows = await tx.query<Row>('select * from account where tenant = $1 and id = any($2::uuid[])', [
    tenant,
    ids,
  ]);
  return rows.map(toAccount);
}

export async function hasAdmin(tx: Tx, tenant: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from account where tenant = $1 and role = 'admin' and active limit 1`,
    [tenant],
  );
  return rows.length > 0;
}

/** Oldest first; `search` matches the beginning of e-mail or name. */
export async function listAccounts(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  search: string | undefined,
): Promise<{ rows: Account[]; total: number }> {
  const filter = `tenant = $1 and ($2::text is null or email like $2 or lower(display_name) like $2)`;
  const pattern = search ? `${escapeLike(search.toLowerCase())}%` : null;
  const rows = await tx.query<Row>(
    `select * from account where ${filter} and ($3::uuid is null or id > $3) order by id limit $4`,
    [tenant, pattern, page.after?.[0] ?? null, page.limit],
  );
  const total = await tx.query<{ n: string }>(`select count(*) as n from account where ${filter}`, [
    tenant,
    pattern,
  ]);
  return { rows: rows.map(toAccount), total: Number(total[0]?.n ?? 0) };
}

export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}

function toAccount(row: Row): Account {
  return {
    tenant: row.tenant,
    id: row.id,
    email: row.email,
    passwordHash: row.password_hash,
    displayName: row.display_name,
    role: row.role,
    locale: row.locale,
    active: row.active,
    version: Number(row.version),
    createdAt: row.created_at,
  };
}
