import { notFound } from '@kilowatch/kernel';
import { escapeLike, type SortKey, type Tx } from '@kilowatch/platform';
import type { Role } from '../domain/account.js';

export interface Account {
  readonly tenant: string;
  readonly id: string;
  /** The identity provider that vouches for them, and what it calls them; undefined for an account of our own. */
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  /** Empty when another identity provider told none. */
  readonly email: string;
  /** Empty: nobody signs in here with a password. */
  readonly passwordHash: string;
  readonly displayName: string;
  readonly role: Role;
  /** OCPI party, `DE*ABC`; of partners only. */
  readonly party?: string | undefined;
  readonly locale: string;
  readonly active: boolean;
  readonly version: number;
  readonly createdAt: Date;
  /** Undefined until its owner has shown that the address is theirs. */
  readonly emailVerifiedAt?: Date | undefined;
  /** Undefined while it has its first password. */
  readonly passwordChangedAt?: Date | undefined;
}

/** By the whole text, or by a part of it. */
export interface Search {
  readonly text: string;
  readonly exact: boolean;
}

interface Row {
  tenant: string;
  id: string;
  issuer: string | null;
  subject: string | null;
  email: string;
  password_hash: string;
  display_name: string;
  role: Role;
  party: string;
  locale: string;
  active: boolean;
  version: string;
  created_at: Date;
  email_verified_at: Date | null;
  password_changed_at: Date | null;
}

/** False when the address is taken by an account of our own in this tenant, or the external account exists. */
export async function insertAccount(tx: Tx, account: Account): Promise<boolean> {
  const rows = await tx.query(
    `insert into account (tenant, id, email, password_hash, display_name, role, locale, active, version, created_at,
        issuer, subject, party, email_verified_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing returning 1`,
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
      account.issuer ?? null,
      account.subject ?? null,
      account.party ?? '',
      account.emailVerifiedAt ?? null,
    ],
  );
  return rows.length > 0;
}

/** Of a locked account. The caller announces the change. */
export async function updateProfile(
  tx: Tx,
  { tenant, id, email, displayName, role }: Pick<Account, 'tenant' | 'id' | 'email' | 'displayName' | 'role'>,
): Promise<Account> {
  const rows = await tx.query<Row>(
    `update account set email = $3, display_name = $4, role = $5, version = version + 1
      where tenant = $1 and id = $2 returning *`,
    [tenant, id, email, displayName, role],
  );
  return only(rows);
}

/** Of a locked account. The caller announces the change. */
export async function updateActive(
  tx: Tx,
  change: { tenant: string; id: string; active: boolean; reason: string },
): Promise<Account> {
  const rows = await tx.query<Row>(
    `update account set active = $3, status_reason = $4, version = version + 1
      where tenant = $1 and id = $2 returning *`,
    [change.tenant, change.id, change.active, change.reason],
  );
  return only(rows);
}

/** Nothing that others are told of. The first time counts. */
export async function updateEmailVerified(tx: Tx, tenant: string, id: string, at: Date): Promise<Account> {
  const rows = await tx.query<Row>(
    `update account set email_verified_at = coalesce(email_verified_at, $3)
      where tenant = $1 and id = $2 returning *`,
    [tenant, id, at],
  );
  return only(rows);
}

/** Nothing that others are told of. */
export async function updatePassword(
  tx: Tx,
  change: { tenant: string; id: string; passwordHash: string; at: Date },
): Promise<void> {
  await tx.query(
    'update account set password_hash = $3, password_changed_at = $4 where tenant = $1 and id = $2',
    [change.tenant, change.id, change.passwordHash, change.at],
  );
}

/** NOT_FOUND when there is no such account; until the transaction ends nobody else changes it. */
export async function lockAccount(tx: Tx, tenant: string, id: string): Promise<Account> {
  return only(
    await tx.query<Row>('select * from account where tenant = $1 and id = $2 for update', [tenant, id]),
  );
}

/**
 * Whether the account may still sign in with what was proved: it is on as it was, and has the password that it had when it was read. Until
 * the transaction ends nobody changes either.
 */
export async function isAsRead(
  tx: Tx,
  { tenant, id, active, passwordHash }: Pick<Account, 'tenant' | 'id' | 'active' | 'passwordHash'>,
): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from account where tenant = $1 and id = $2 and active = $3 and password_hash = $4 for share',
    [tenant, id, active, passwordHash],
  );
  return rows.length > 0;
}

function only(rows: readonly Row[]): Account {
  if (!rows[0]) throw notFound('AUTH_ACCOUNT', 'There is no such account.');
  return toAccount(rows[0]);
}

/** The account of our own that signs in with this address. */
export async function findAccountByEmail(
  tx: Tx,
  tenant: string,
  email: string,
): Promise<Account | undefined> {
  const rows = await tx.query<Row>(
    'select * from account where tenant = $1 and email = $2 and issuer is null',
    [tenant, email],
  );
  return rows[0] && toAccount(rows[0]);
}

/** Accounts that other identity providers call by this address: any number. */
export async function findExternalAccountsByEmail(tx: Tx, tenant: string, email: string): Promise<Account[]> {
  const rows = await tx.query<Row>(
    'select * from account where tenant = $1 and email = $2 and issuer is not null order by id limit 2',
    [tenant, email],
  );
  return rows.map(toAccount);
}

export async function findAccounts(tx: Tx, tenant: string, ids: readonly string[]): Promise<Account[]> {
  const rows = await tx.query<Row>('select * from account where tenant = $1 and id = any($2::uuid[])', [
    tenant,
    ids,
  ]);
  return rows.map(toAccount);
}

/** An administrator of our own, switched off or not: there is a way in that does not hang on another provider. */
export async function hasAdmin(tx: Tx, tenant: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from account where tenant = $1 and role = 'admin' and issuer is null limit 1`,
    [tenant],
  );
  return rows.length > 0;
}

/** Oldest first; `search` matches the beginning of e-mail or name. */
export async function listAccounts(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  search: Search | undefined,
): Promise<{ rows: Account[]; total: number }> {
  const filter = `tenant = $1 and ($2::text is null or email like $2 or lower(display_name) like $2)`;
  const pattern = search ? `${escapeLike(search.text.toLowerCase())}${search.exact ? '' : '%'}` : null;
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

function toAccount(row: Row): Account {
  return {
    tenant: row.tenant,
    id: row.id,
    issuer: row.issuer ?? undefined,
    subject: row.subject ?? undefined,
    email: row.email,
    passwordHash: row.password_hash,
    displayName: row.display_name,
    role: row.role,
    party: row.party || undefined,
    locale: row.locale,
    active: row.active,
    version: Number(row.version),
    createdAt: row.created_at,
    emailVerifiedAt: row.email_verified_at ?? undefined,
    passwordChangedAt: row.password_changed_at ?? undefined,
  };
}
