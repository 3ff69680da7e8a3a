import type { Tx } from '@kilowatch/platform';

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

/** What a prepaid token may spend; undefined when the token is not prepaid, or no credit was ever told of. */
export async function creditOfPrepaid(
  tx: Tx,
  tenant: string,
  tokenId: string,
): Promise<{ amount: string; currency: string } | undefined> {
  const rows = await tx.query<{ amount: string; currency: string }>(
    `select c.balance as amount, c.currency from token t
      join account_credit c on c.tenant = t.tenant and c.account_id = t.account_id
      where t.tenant = $1 and t.id = $2 and t.prepaid`,
    [tenant, tokenId],
  );
  return rows[0];
}
