import type { Tx } from '@kilowatch/platform';

export interface RefreshToken {
  readonly tenant: string;
  readonly tokenHash: Buffer;
  readonly familyId: string;
  readonly accountId: string;
  readonly expiresAt: Date;
}

export interface StoredRefreshToken extends RefreshToken {
  readonly usedAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

export async function insertRefreshToken(tx: Tx, token: RefreshToken): Promise<void> {
  await tx.query(
    'insert into refresh_token (tenant, token_hash, family_id, account_id, expires_at) values ($1, $2, $3, $4, $5)',
    [token.tenant, token.tokenHash, token.familyId, token.accountId, token.expiresAt],
  );
}

export async function findRefreshToken(tx: Tx, tokenHash: Buffer): Promise<StoredRefreshToken | undefined> {
  const rows = await tx.query<{
    tenant: string;
    token_hash: Buffer;
    family_id: string;
    account_id: string;
    expires_at: Date;
    used_at: Date | null;
    revoked_at: Date | null;
  }>('select * from refresh_token where token_hash = $1', [tokenHash]);
  const row = rows[0];
  return (
    row && {
      tenant: row.tenant,
      tokenHash: row.token_hash,
      familyId: row.family_id,
      accountId: row.account_id,
      expiresAt: row.expires_at,
      usedAt: row.used_at ?? undefined,
      revokedAt: row.revoked_at ?? undefined,
    }
  );
}

export async function markRefreshTokenUsed(tx: Tx, token: RefreshToken, now: Date): Promise<void> {
  await tx.query('update refresh_token set used_at = $3 where tenant = $1 and token_hash = $2', [
    token.tenant,
    token.tokenHash,
    now,
  ]);
}

/** A token that has expired is refused without its row. Of all tenants. */
export async function forgetRefreshTokens(
  tx: Tx,
  before: Date,
  limit: number,
): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `delete from refresh_token where (tenant, token_hash) in (
      select tenant, token_hash from refresh_token where expires_at < $1 limit $2 for update skip locked)
      returning tenant`,
    [before, limit],
  );
}
