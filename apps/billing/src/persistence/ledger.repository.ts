import { type Decimal, ZERO, decimal } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import { type LedgerEntry, type Posting, type PostingReason, walletOf } from '../domain/ledger.js';

/** Append only. A second posting of the same reason and reference is refused by the database (top-ups excepted). */
export async function insertPosting(tx: Tx, tenant: string, posting: Posting): Promise<void> {
  await tx.query(
    'insert into posting (tenant, id, reason, reference, posted_at) values ($1, $2, $3, $4, $5)',
    [tenant, posting.id, posting.reason, posting.reference, posting.postedAt],
  );
  await tx.query(
    `insert into ledger_entry (tenant, posting_id, line, account, amount, currency)
      select $1, $2, e.line, e.account, e.amount, e.currency
      from unnest($3::text[], $4::numeric[], $5::text[]) with ordinality e (account, amount, currency, line)`,
    [
      tenant,
      posting.id,
      posting.entries.map((entry) => entry.account),
      posting.entries.map((entry) => entry.amount.toFixed()),
      posting.entries.map((entry) => entry.currency),
    ],
  );
}

/** Nothing else spends from this wallet until the transaction ends. Take it after the invoice counter, never before. */
export function lockWallet(tx: Tx, tenant: string, accountId: string): void {
  tx.lock(`wallet|${tenant}|${accountId}`);
}

/** What a driver can spend: the sum over all entries of the wallet. */
export async function walletBalance(
  tx: Tx,
  tenant: string,
  accountId: string,
  currency: string,
): Promise<Decimal> {
  const rows = await tx.query<{ balance: string }>(
    `select coalesce(-sum(amount), 0)::text as balance from ledger_entry where tenant = $1 and account = $2 and currency = $3`,
    [tenant, walletOf(accountId), currency],
  );
  return decimal(rows[0]?.balance ?? ZERO);
}

/** The currency the wallet was last moved in. */
export async function walletCurrency(tx: Tx, tenant: string, accountId: string): Promise<string | undefined> {
  const rows = await tx.query<{ currency: string }>(
    'select currency from ledger_entry where tenant = $1 and account = $2 order by posting_id desc limit 1',
    [tenant, walletOf(accountId)],
  );
  return rows[0]?.currency;
}

/** Latest first. */
export async function listPostings(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<Posting[]> {
  const rows = await tx.query<{
    id: string;
    reason: PostingReason;
    reference: string;
    posted_at: Date;
    entries: { account: string; amount: string; currency: string }[];
  }>(
    `select p.*, (select json_agg(json_build_object('account', e.account, 'amount', e.amount::text, 'currency', e.currency)
          order by e.line) from ledger_entry e where e.tenant = p.tenant and e.posting_id = p.id) as entries
      from posting p where p.tenant = $1 and ($2::uuid is null or p.id < $2) order by p.id desc limit $3`,
    [tenant, page.after?.[0] ?? null, page.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    reason: row.reason,
    reference: row.reference,
    postedAt: row.posted_at,
    entries: (row.entries ?? []).map((entry): LedgerEntry => ({ ...entry, amount: decimal(entry.amount) })),
  }));
}
