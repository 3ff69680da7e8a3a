import type { SortKey, Tx } from '@kilowatch/platform';

/** How somebody proved who they are. */
export type SignInMethod = 'PASSWORD' | 'PASSWORD_AND_CODE' | 'PASSKEY' | 'PROVIDER';

/** One sign-in and all refresh tokens that grew from it. */
export interface SignInSession {
  readonly tenant: string;
  /** The family of its refresh tokens. */
  readonly id: string;
  readonly accountId: string;
  readonly method: SignInMethod;
  readonly address: string | undefined;
  readonly agent: string | undefined;
  readonly startedAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  account_id: string;
  method: SignInMethod;
  address: string | null;
  agent: string | null;
  started_at: Date;
  last_used_at: Date;
  expires_at: Date;
}

export async function insertSignInSession(tx: Tx, session: SignInSession): Promise<void> {
  await tx.query(
    `insert into sign_in_session (tenant, id, account_id, method, address, agent, started_at, last_used_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      session.tenant,
      session.id,
      session.accountId,
      session.method,
      session.address ?? null,
      session.agent ?? null,
      session.startedAt,
      session.lastUsedAt,
      session.expiresAt,
    ],
  );
}

/**
 * False when it is over. Until the transaction ends nobody else ends it, or refreshes by it: who waits for this row sees what was done.
 */
export async function lockSignInSession(tx: Tx, tenant: string, id: string): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from sign_in_session where tenant = $1 and id = $2 and ended_at is null for update',
    [tenant, id],
  );
  return rows.length > 0;
}

/** Where it was used last; what nobody knows stays as it was. */
export async function touchSignInSession(
  tx: Tx,
  use: Pick<SignInSession, 'tenant' | 'id' | 'address' | 'agent' | 'lastUsedAt' | 'expiresAt'>,
): Promise<void> {
  await tx.query(
    `update sign_in_session set last_used_at = $3, expires_at = $4, address = coalesce($5, address), agent = coalesce($6, agent)
      where tenant = $1 and id = $2`,
    [use.tenant, use.id, use.lastUsedAt, use.expiresAt, use.address ?? null, use.agent ?? null],
  );
}

/** Those of an account that still can be refreshed, latest first. */
export async function listSignInSessions(
  tx: Tx,
  tenant: string,
  accountId: string,
  page: { limit: number; after: SortKey | undefined },
  now: Date,
): Promise<SignInSession[]> {
  const rows = await tx.query<Row>(
    `select * from sign_in_session
      where tenant = $1 and account_id = $2 and ended_at is null and expires_at > $3 and ($4::uuid is null or id < $4)
      order by id desc limit $5`,
    [tenant, accountId, now, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toSession);
}

/**
 * Ends sign-ins of an account with their refresh tokens; gives the ids of those that were not over yet. `only`: one of them,
 * `except`: all others.
 */
export async function endSignInSessions(
  tx: Tx,
  wanted: {
    tenant: string;
    accountId: string;
    only?: string;
    except?: string | undefined;
    at: Date;
    why: string;
  },
): Promise<string[]> {
  const ended = await tx.query<{ id: string }>(
    `with over as (
        update sign_in_session set ended_at = $3, end_reason = $4
          where tenant = $1 and account_id = $2 and ended_at is null
            and ($5::uuid is null or id = $5) and ($6::uuid is null or id <> $6)
          returning id),
      revoked as (
        update refresh_token set revoked_at = $3
          where tenant = $1 and account_id = $2 and revoked_at is null
            and ($5::uuid is null or family_id = $5) and ($6::uuid is null or family_id <> $6))
      select id from over`,
    [wanted.tenant, wanted.accountId, wanted.at, wanted.why, wanted.only ?? null, wanted.except ?? null],
  );
  return ended.map(({ id }) => id);
}

/** What has been over that long is forgotten with its refresh tokens. Of all tenants. */
export async function forgetSignInSessions(
  tx: Tx,
  before: Date,
  limit: number,
): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `with old as materialized (
        select tenant, id from sign_in_session where least(ended_at, expires_at) < $1 limit $2 for update skip locked),
      tokens as (delete from refresh_token t using old where t.tenant = old.tenant and t.family_id = old.id)
      delete from sign_in_session s using old where s.tenant = old.tenant and s.id = old.id returning s.tenant`,
    [before, limit],
  );
}

function toSession(row: Row): SignInSession {
  return {
    tenant: row.tenant,
    id: row.id,
    accountId: row.account_id,
    method: row.method,
    address: row.address ?? undefined,
    agent: row.agent ?? undefined,
    startedAt: row.started_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  };
}
