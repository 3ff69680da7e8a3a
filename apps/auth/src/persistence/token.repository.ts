import { escapeLike, gathered, gatheredRead, pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import type { KnownToken, OpenSession } from '../domain/decision.js';
import type { TokenLimits } from '../domain/token-limits.js';
import type { Search } from './account.repository.js';
import { FUNDS_COLUMNS, fundsOf, type FundsRow } from './credit.repository.js';

export type TokenStatus = 'ACTIVE' | 'BLOCKED' | 'EXPIRED';

export interface Token {
  readonly tenant: string;
  readonly id: string;
  readonly value: string;
  readonly valueKey: string;
  readonly type: string;
  readonly status: TokenStatus;
  readonly expiresAt: Date | undefined;
  readonly groupId: string;
  readonly allowConcurrent: boolean;
  readonly limits: TokenLimits;
  readonly prepaid: boolean;
  readonly accountId: string | undefined;
  readonly isApp: boolean;
  readonly statusReason: string;
  readonly version: number;
  readonly createdAt: Date;
}

export interface TokenRow {
  tenant: string;
  id: string;
  value: string;
  value_key: string;
  type: string;
  status: TokenStatus;
  expires_at: Date | null;
  group_id: string;
  allow_concurrent: boolean;
  limits: TokenLimits;
  prepaid: boolean;
  account_id: string | null;
  is_app: boolean;
  status_reason: string;
  version: string;
  created_at: Date;
}

export async function saveToken(tx: Tx, token: Token): Promise<void> {
  await tx.query(
    `insert into token (tenant, id, value, value_key, type, status, expires_at, group_id, allow_concurrent, account_id,
        is_app, status_reason, version, created_at, limits, prepaid)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
      on conflict on constraint token_pk do update set type = excluded.type, status = excluded.status,
        expires_at = excluded.expires_at, group_id = excluded.group_id, allow_concurrent = excluded.allow_concurrent,
        account_id = excluded.account_id, status_reason = excluded.status_reason, version = excluded.version,
        limits = excluded.limits, prepaid = excluded.prepaid`,
    [
      token.tenant,
      token.id,
      token.value,
      token.valueKey,
      token.type,
      token.status,
      token.expiresAt ?? null,
      token.groupId,
      token.allowConcurrent,
      token.accountId ?? null,
      token.isApp,
      token.statusReason,
      token.version,
      token.createdAt,
      JSON.stringify(token.limits),
      token.prepaid,
    ],
  );
}

export async function findTokensByKey(tx: Tx, tenant: string, keys: readonly string[]): Promise<Token[]> {
  const rows = await tx.query<TokenRow>(
    'select * from token where tenant = $1 and value_key = any($2::text[]) for update',
    [tenant, keys],
  );
  return rows.map(toToken);
}

export async function findTokens(tx: Tx, tenant: string, ids: readonly string[]): Promise<Token[]> {
  const rows = await tx.query<TokenRow>('select * from token where tenant = $1 and id = any($2::uuid[])', [
    tenant,
    ids,
  ]);
  return rows.map(toToken);
}

/** The token, which nobody else changes until this transaction is over: whoever blocks or unblocks it does so knowing what holds. */
export async function lockToken(tx: Tx, tenant: string, id: string): Promise<Token | undefined> {
  const rows = await tx.query<TokenRow>('select * from token where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  return rows[0] && toToken(rows[0]);
}

export async function findAppToken(tx: Tx, tenant: string, accountId: string): Promise<Token | undefined> {
  const rows = await tx.query<TokenRow>(
    'select * from token where tenant = $1 and account_id = $2 and is_app',
    [tenant, accountId],
  );
  return rows[0] && toToken(rows[0]);
}

export async function listTokens(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  filter: { accountId: string | undefined; search: Search | undefined },
): Promise<{ rows: Token[]; total: number }> {
  const where = `tenant = $1 and ($2::uuid is null or account_id = $2) and ($3::text is null or value_key like $3)`;
  const params = [
    tenant,
    filter.accountId ?? null,
    filter.search ? `${filter.search.exact ? '' : '%'}${escapeLike(filter.search.text.toUpperCase())}` : null,
  ];
  const rows = await tx.query<TokenRow>(
    `select * from token where ${where} and ($4::uuid is null or id > $4) order by id limit $5`,
    [...params, page.after?.[0] ?? null, page.limit],
  );
  const total = await tx.query<{ n: string }>(`select count(*) as n from token where ${where}`, params);
  return { rows: rows.map(toToken), total: Number(total[0]?.n ?? 0) };
}

interface KnownRow extends FundsRow {
  value_key: string;
  id: string;
  type: string;
  status: TokenStatus;
  expires_at: Date | null;
  group_id: string;
  allow_concurrent: boolean;
  limits: TokenLimits;
  account_id: string | null;
  language: string | null;
  account_active: boolean | null;
  open_sessions: { session_id: string; station_id: string; evse_number: number }[] | null;
}

/** Everything the decision needs, by the token's value key, in one round trip. */
export const knownToken = gatheredRead<string, KnownToken>(
  (valueKey) => valueKey,
  async (tx, tenant, valueKeys) => {
    const rows = await tx.query<KnownRow>(
      `select t.value_key, t.id, t.type, t.status, t.expires_at, t.group_id, t.allow_concurrent, t.limits, t.prepaid, t.account_id,
          a.active as account_active, a.locale as language,
          ${FUNDS_COLUMNS},
          (select json_agg(json_build_object('session_id', o.session_id, 'station_id', o.station_id,
              'evse_number', o.evse_number))
            from open_session o where o.tenant = t.tenant and o.token_id = t.id and o.open) as open_sessions
        from token t left join account a on a.tenant = t.tenant and a.id = t.account_id
        where t.tenant = $1 and t.value_key = any ($2::text[])`,
      [tenant, pgArray.text(valueKeys)],
    );
    return new Map(rows.map((row) => [row.value_key, toKnownToken(row)]));
  },
);

function toKnownToken(row: KnownRow): KnownToken {
  return {
    tokenId: row.id,
    type: row.type,
    isContract: row.type === 'eMAID',
    status: row.status,
    expiresAt: row.expires_at ?? undefined,
    groupId: row.group_id,
    allowConcurrent: row.allow_concurrent,
    limits: row.limits,
    funds: fundsOf(row),
    language: row.language ?? '',
    accountId: row.account_id ?? '',
    accountActive: row.account_active ?? true,
    openSessions: (row.open_sessions ?? []).map((open): OpenSession => ({
      sessionId: open.session_id,
      stationId: open.station_id,
      evseNumber: open.evse_number,
    })),
  };
}

export interface ToldSession extends OpenSession {
  readonly tokenId: string;
  readonly open: boolean;
  readonly version: number;
}

/** Takes over what sessions said unless a newer version is held. */
export const saveOpenSession = gathered(
  ({ sessionId }: ToldSession) => sessionId,
  async (tx, tenant, sessions) => {
    await tx.query(
      `insert into open_session as held (tenant, session_id, token_id, station_id, evse_number, open, version)
        select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::bool[], $7::bigint[])
        on conflict on constraint open_session_pk do update set token_id = excluded.token_id, open = excluded.open,
          version = excluded.version
        where held.version < excluded.version`,
      [
        tenant,
        sessions.map(({ sessionId }) => sessionId),
        sessions.map(({ tokenId }) => tokenId),
        sessions.map(({ stationId }) => stationId),
        sessions.map(({ evseNumber }) => evseNumber),
        sessions.map(({ open }) => open),
        sessions.map(({ version }) => version),
      ],
    );
  },
);

export function toToken(row: TokenRow): Token {
  return {
    tenant: row.tenant,
    id: row.id,
    value: row.value,
    valueKey: row.value_key,
    type: row.type,
    status: row.status,
    expiresAt: row.expires_at ?? undefined,
    groupId: row.group_id,
    allowConcurrent: row.allow_concurrent,
    limits: row.limits,
    prepaid: row.prepaid,
    accountId: row.account_id ?? undefined,
    isApp: row.is_app,
    statusReason: row.status_reason,
    version: Number(row.version),
    createdAt: row.created_at,
  };
}
