import type { Tx } from '@kilowatch/platform';

export interface TotpFactor {
  readonly tenant: string;
  readonly accountId: string;
  /** Sealed. */
  readonly secret: Buffer;
  readonly createdAt: Date;
  /** Undefined until the first code was right: it counts for nothing before. */
  readonly confirmedAt: Date | undefined;
  readonly lastStep: number;
  /** Wrong codes since the last right one. */
  readonly failures: number;
  readonly blockedUntil: Date | undefined;
}

interface Row {
  tenant: string;
  account_id: string;
  secret: Buffer;
  created_at: Date;
  confirmed_at: Date | null;
  last_step: string;
  failures: number;
  blocked_until: Date | null;
}

const SELECT = 'select * from totp_factor where tenant = $1 and account_id = $2';

export async function findTotpFactor(
  tx: Tx,
  tenant: string,
  accountId: string,
): Promise<TotpFactor | undefined> {
  const [row] = await tx.query<Row>(SELECT, [tenant, accountId]);
  return row && toFactor(row);
}

/** Until the transaction ends nobody else tries a code of it. */
export async function lockTotpFactor(
  tx: Tx,
  tenant: string,
  accountId: string,
): Promise<TotpFactor | undefined> {
  const [row] = await tx.query<Row>(`${SELECT} for update`, [tenant, accountId]);
  return row && toFactor(row);
}

/** Replaces one that was begun and never confirmed; false when there is a confirmed one. */
export async function beginTotpFactor(tx: Tx, factor: TotpFactor): Promise<boolean> {
  const rows = await tx.query(
    `insert into totp_factor as held (tenant, account_id, secret, created_at, last_step, failures)
      values ($1, $2, $3, $4, -1, 0)
      on conflict on constraint totp_factor_pk do update set secret = excluded.secret, created_at = excluded.created_at
        where held.confirmed_at is null
      returning 1`,
    [factor.tenant, factor.accountId, factor.secret, factor.createdAt],
  );
  return rows.length > 0;
}

/** Of a locked factor. */
export async function saveTotpAttempt(
  tx: Tx,
  factor: Pick<TotpFactor, 'tenant' | 'accountId' | 'confirmedAt' | 'lastStep' | 'failures' | 'blockedUntil'>,
): Promise<void> {
  await tx.query(
    `update totp_factor set confirmed_at = $3, last_step = $4, failures = $5, blocked_until = $6
      where tenant = $1 and account_id = $2`,
    [
      factor.tenant,
      factor.accountId,
      factor.confirmedAt ?? null,
      factor.lastStep,
      factor.failures,
      factor.blockedUntil ?? null,
    ],
  );
}

/** With its recovery codes. False when there was none. */
export async function deleteTotpFactor(tx: Tx, tenant: string, accountId: string): Promise<boolean> {
  await tx.query('delete from recovery_code where tenant = $1 and account_id = $2', [tenant, accountId]);
  const rows = await tx.query('delete from totp_factor where tenant = $1 and account_id = $2 returning 1', [
    tenant,
    accountId,
  ]);
  return rows.length > 0;
}

export async function replaceRecoveryCodes(
  tx: Tx,
  tenant: string,
  accountId: string,
  hashes: readonly Buffer[],
): Promise<void> {
  await tx.query('delete from recovery_code where tenant = $1 and account_id = $2', [tenant, accountId]);
  await tx.query(
    'insert into recovery_code (tenant, account_id, code_hash) select $1, $2, * from unnest($3::bytea[])',
    [tenant, accountId, hashes],
  );
}

/** True once for each code. */
export async function useRecoveryCode(
  tx: Tx,
  tenant: string,
  accountId: string,
  hash: Buffer,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `update recovery_code set used_at = $4
      where tenant = $1 and account_id = $2 and code_hash = $3 and used_at is null returning 1`,
    [tenant, accountId, hash, now],
  );
  return rows.length > 0;
}

export async function countRecoveryCodes(tx: Tx, tenant: string, accountId: string): Promise<number> {
  const rows = await tx.query<{ n: string }>(
    'select count(*) as n from recovery_code where tenant = $1 and account_id = $2 and used_at is null',
    [tenant, accountId],
  );
  return Number(rows[0]?.n ?? 0);
}

/** Roles that sign in with a second factor only. */
export async function findSecondFactorRoles(tx: Tx, tenant: string): Promise<string[]> {
  const rows = await tx.query<{ roles: string[] }>(
    'select second_factor_roles as roles from sign_in_policy where tenant = $1',
    [tenant],
  );
  return rows[0]?.roles ?? [];
}

export async function saveSecondFactorRoles(
  tx: Tx,
  tenant: string,
  roles: readonly string[],
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into sign_in_policy (tenant, second_factor_roles, updated_at) values ($1, $2::text[], $3)
      on conflict on constraint sign_in_policy_pk do update set second_factor_roles = excluded.second_factor_roles,
        updated_at = excluded.updated_at`,
    [tenant, roles, now],
  );
}

function toFactor(row: Row): TotpFactor {
  return {
    tenant: row.tenant,
    accountId: row.account_id,
    secret: row.secret,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at ?? undefined,
    lastStep: Number(row.last_step),
    failures: row.failures,
    blockedUntil: row.blocked_until ?? undefined,
  };
}
