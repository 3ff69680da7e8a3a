import type { Decimal } from '@kilowatch/kernel';
import { gathered, gatheredRead, pgArray, type Tx } from '@kilowatch/platform';
import { fromMinor, toMinor, type PaymentKind } from '../domain/payment-terms.js';

/** What others were told of an account. */
export interface AccountFunds {
  /** Empty: of any account that has no row. */
  readonly accountId: string;
  readonly version: number;
  readonly kind: PaymentKind;
  readonly currency: string;
  /** Undefined: no limit. */
  readonly available: Decimal | undefined;
  readonly minimumToStart: Decimal;
  readonly blocked: boolean;
  /** Undefined: nothing runs that could use it. */
  readonly lookAt: Date | undefined;
}

interface Row {
  tenant: string;
  account_id: string;
  version: number;
  kind: PaymentKind;
  currency: string;
  available: string | null;
  minimum_to_start: string;
  blocked: boolean;
  look_at: Date | null;
}

export interface DueAccount {
  readonly tenant: string;
  readonly accountId: string;
}

/** Something happened to the money of an account: it is looked at after this commits. */
export const nudgeFunds = gathered<string>(
  (accountId) => accountId,
  async (tx, tenant, accountIds) => {
    await tx.query('insert into fund_nudge (tenant, account_id) select $1, unnest($2::text[])', [
      tenant,
      pgArray.text(accountIds),
    ]);
  },
);

/** Every account that was looked at: what counts for all has changed. */
export async function nudgeAllFunds(tx: Tx, tenant: string): Promise<void> {
  await tx.query(
    `insert into fund_nudge (tenant, account_id) select tenant, account_id from account_funds where tenant = $1 and account_id <> ''`,
    [tenant],
  );
}

/** In the order in which they are locked. Not locked here: looking twice changes nothing. */
export async function dueAccounts(tx: Tx, now: Date, limit: number): Promise<DueAccount[]> {
  const rows = await tx.query<Pick<Row, 'tenant' | 'account_id'>>(
    `select tenant, account_id from (
        (select tenant, account_id from fund_nudge where at <= $1 order by at limit $2) union
        (select tenant, account_id from account_funds where look_at <= $1 order by look_at limit $2)) due
      order by tenant, account_id limit $2`,
    [now, limit],
  );
  return rows.map((row) => ({ tenant: row.tenant, accountId: row.account_id }));
}

/** One look at an account at a time. What nudged it until now is seen by this one. */
export async function beginLook(tx: Tx, { tenant, accountId }: DueAccount): Promise<void> {
  tx.lock(`funds|${tenant}|${accountId}`);
  await forgetNudges(tx, tenant, accountId);
}

const forgetNudges = gathered<string>(
  (accountId) => accountId,
  async (tx, tenant, accountIds) => {
    await tx.query('delete from fund_nudge where tenant = $1 and account_id = any($2::text[])', [
      tenant,
      pgArray.text(accountIds),
    ]);
  },
);

export const findAccountFunds = gatheredRead<string, AccountFunds>(
  (accountId) => accountId,
  async (tx, tenant, accountIds) => {
    const rows = await tx.query<Row>(
      'select * from account_funds where tenant = $1 and account_id = any($2::text[])',
      [tenant, pgArray.text(accountIds)],
    );
    return new Map(rows.map((row) => [row.account_id, toFunds(row)]));
  },
);

export const saveAccountFunds = gathered<AccountFunds>(
  ({ accountId }) => accountId,
  async (tx, tenant, funds) => {
    const rows = funds.map(({ currency, available, ...one }) => ({
      tenant,
      account_id: one.accountId,
      version: one.version,
      kind: one.kind,
      currency,
      available: available ? toMinor(available, currency) : null,
      minimum_to_start: toMinor(one.minimumToStart, currency),
      blocked: one.blocked,
      look_at: one.lookAt ?? null,
    }));
    await tx.query(
      `insert into account_funds (tenant, account_id, version, kind, currency, available, minimum_to_start, blocked, look_at)
        select tenant, account_id, version, kind, currency, available, minimum_to_start, blocked, look_at
          from json_populate_recordset(null::account_funds, $1::json)
        on conflict on constraint account_funds_pk do update set version = excluded.version, kind = excluded.kind,
          currency = excluded.currency, available = excluded.available, minimum_to_start = excluded.minimum_to_start,
          blocked = excluded.blocked, look_at = excluded.look_at`,
      [JSON.stringify(rows)],
    );
  },
);

/** Looked at again from then on, whatever was planned. */
export async function nudgeLater(tx: Tx, { tenant, accountId }: DueAccount, at: Date): Promise<void> {
  await tx.query('update account_funds set look_at = null where tenant = $1 and account_id = $2', [
    tenant,
    accountId,
  ]);
  await tx.query('insert into fund_nudge (tenant, account_id, at) values ($1, $2, $3)', [
    tenant,
    accountId,
    at,
  ]);
}

function toFunds(row: Row): AccountFunds {
  const { currency } = row;
  return {
    accountId: row.account_id,
    version: row.version,
    kind: row.kind,
    currency,
    available: row.available === null ? undefined : fromMinor(row.available, currency),
    minimumToStart: fromMinor(row.minimum_to_start, currency),
    blocked: row.blocked,
    lookAt: row.look_at ?? undefined,
  };
}
