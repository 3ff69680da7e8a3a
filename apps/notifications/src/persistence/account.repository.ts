import type { Tx } from '@kilowatch/platform';

/** Notifications' copy of an account: where a person is reached and in which language. */
export interface Account {
  readonly tenant: string;
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  readonly role: string;
  readonly locale: string;
  readonly active: boolean;
  readonly version: number;
}

export interface AccountRow {
  tenant: string;
  account_id: string;
  email: string;
  display_name: string;
  role: string;
  locale: string;
  active: boolean;
  version: string;
}

export async function saveAccount(tx: Tx, account: Account): Promise<void> {
  await tx.query(
    `insert into account as held (tenant, account_id, email, display_name, role, locale, active, version)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict on constraint account_pk do update set email = excluded.email, display_name = excluded.display_name,
        role = excluded.role, locale = excluded.locale, active = excluded.active, version = excluded.version
      where held.version < excluded.version`,
    [
      account.tenant,
      account.accountId,
      account.email,
      account.displayName,
      account.role,
      account.locale,
      account.active,
      account.version,
    ],
  );
}

export async function findAccount(tx: Tx, tenant: string, accountId: string): Promise<Account | undefined> {
  const rows = await tx.query<AccountRow>('select * from account where tenant = $1 and account_id = $2', [
    tenant,
    accountId,
  ]);
  return rows[0] && toAccount(rows[0]);
}

/** Every active operator and administrator of the tenant. */
export async function findOperators(tx: Tx, tenant: string): Promise<Account[]> {
  const rows = await tx.query<AccountRow>(
    `select * from account where tenant = $1 and active and role in ('operator', 'admin')`,
    [tenant],
  );
  return rows.map(toAccount);
}

export function toAccount(row: AccountRow): Account {
  return {
    tenant: row.tenant,
    accountId: row.account_id,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    locale: row.locale,
    active: row.active,
    version: Number(row.version),
  };
}
