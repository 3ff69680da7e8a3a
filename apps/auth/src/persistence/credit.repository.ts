import { decimal } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import type { AccountFunds } from '../domain/account-funds.js';

export interface Credit {
  readonly accountId: string;
  /** Decimal text. */
  readonly balance: string;
  readonly currency: string;
}

/** Takes over what billing said is left in a wallet unless a newer word is held. */
export async function saveCredit(tx: Tx, tenant: string, credit: Credit, version: number): Promise<void> {
  await tx.query(
    `insert into account_credit as held (tenant, account_id, balance, currency, version) values ($1, $2, $3, $4, $5)
      on conflict on constraint account_credit_pk do update set balance = excluded.balance,
        currency = excluded.currency, version = excluded.version
      where held.version < excluded.version`,
    [tenant, credit.accountId, credit.balance, credit.currency, version],
  );
}

/** Takes over what billing said an account may spend unless a newer word is held. */
export async function saveFunds(
  tx: Tx,
  tenant: string,
  accountId: string,
  { currency, available, minimumToStart, blocked }: AccountFunds,
  version: number,
): Promise<void> {
  await tx.query(
    `insert into account_funds as held (tenant, account_id, currency, available, minimum_to_start, blocked, version)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict on constraint account_funds_pk do update set currency = excluded.currency, available = excluded.available,
        minimum_to_start = excluded.minimum_to_start, blocked = excluded.blocked, version = excluded.version
      where held.version < excluded.version`,
    [tenant, accountId, currency, available?.toFixed() ?? null, minimumToStart.toFixed(), blocked, version],
  );
}

/** Whether the account of a token `t` may spend so much and no more. */
export const HAS_LIMIT = `(select f.available is not null from account_funds f
    where f.tenant = t.tenant and t.account_id is not null and f.account_id in (t.account_id::text, '')
    order by f.account_id desc limit 1)`;

/** Columns of `FundsRow` for tokens `t`: the account's own, else those of accounts that nobody was told of; and the wallet of prepaid ones. */
export const FUNDS_COLUMNS = `(select row_to_json(f) from (select f.currency, f.available::text, f.minimum_to_start::text, f.blocked
      from account_funds f where f.tenant = t.tenant and t.account_id is not null and f.account_id in (t.account_id::text, '')
      order by f.account_id desc limit 1) f) as funds,
  (select row_to_json(c) from (select c.currency, c.balance::text from account_credit c
      where t.prepaid and c.tenant = t.tenant and c.account_id = t.account_id) c) as wallet`;

export interface FundsRow {
  readonly prepaid: boolean;
  readonly funds: {
    readonly currency: string;
    readonly available: string | null;
    readonly minimum_to_start: string;
    readonly blocked: boolean;
  } | null;
  readonly wallet: { readonly currency: string; readonly balance: string } | null;
}

/** A prepaid token lives on the wallet where its account has no limit of its own. */
export function fundsOf({ prepaid, funds, wallet }: FundsRow): AccountFunds | undefined {
  if (funds && (funds.available !== null || !prepaid)) {
    return {
      currency: funds.currency,
      available: funds.available === null ? undefined : decimal(funds.available),
      minimumToStart: decimal(funds.minimum_to_start),
      blocked: funds.blocked,
    };
  }
  if (!prepaid) return undefined;
  return {
    currency: wallet?.currency ?? '',
    available: decimal(wallet?.balance ?? '0'),
    minimumToStart: decimal('0'),
    blocked: funds?.blocked ?? false,
  };
}
