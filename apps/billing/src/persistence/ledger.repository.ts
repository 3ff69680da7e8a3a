import { type Decimal, ZERO, decimal } from '@kilowatch/kernel';
import { gathered, gatheredRead, type SortKey, type Tx } from '@kilowatch/platform';
import {
  driverOf,
  type LedgerEntry,
  type Posting,
  type PostingReason,
  receivableOf,
  walletOf,
} from '../domain/ledger.js';
import { chargebackOf } from '../domain/card-ledger.js';
import { duesOf } from '../domain/dunning-ledger.js';
import { nudgeFunds } from './account-funds.repository.js';

/** Append only. A second posting of the same reason and reference is refused by the database (top-ups excepted). */
export const insertPosting = gathered<Posting>(
  ({ id }) => id,
  async (tx, tenant, postings) => {
    const entries = postings.flatMap((posting) =>
      posting.entries.map((entry, index) => ({ ...entry, posting: posting.id, line: index + 1 })),
    );
    await Promise.all([
      tx.query(
        `insert into posting (tenant, id, reason, reference, posted_at)
          select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[])`,
        [
          tenant,
          postings.map(({ id }) => id),
          postings.map(({ reason }) => reason),
          postings.map(({ reference }) => reference),
          postings.map(({ postedAt }) => postedAt),
        ],
      ),
      tx.query(
        `insert into ledger_entry (tenant, posting_id, line, account, amount, currency)
          select $1, * from unnest($2::uuid[], $3::int[], $4::text[], $5::numeric[], $6::text[])`,
        [
          tenant,
          entries.map(({ posting }) => posting),
          entries.map(({ line }) => line),
          entries.map(({ account }) => account),
          entries.map(({ amount }) => amount.toFixed()),
          entries.map(({ currency }) => currency),
        ],
      ),
      nudged(tx, tenant, entries),
    ]);
  },
);

/** Whoever has sessions that live on this money is looked at again. */
async function nudged(tx: Tx, tenant: string, entries: readonly LedgerEntry[]): Promise<void> {
  const accountIds = new Set(entries.flatMap(({ account }) => driverOf(account) ?? []));
  await Promise.all([...accountIds].map((accountId) => nudgeFunds(tx, tenant, accountId)));
}

/** Nothing else spends from this wallet until the transaction ends. Take it after the invoice counter, never before. */
export function lockWallet(tx: Tx, tenant: string, accountId: string): void {
  tx.lock(`wallet|${tenant}|${accountId}`);
}

export interface Wallet {
  readonly accountId: string;
  readonly currency: string;
}

/** What a driver can spend: the sum over all entries of the wallet. */
export async function walletBalance(tx: Tx, tenant: string, wallet: Wallet): Promise<Decimal> {
  return (await walletState(tx, tenant, wallet)).balance;
}

export interface WalletState {
  readonly balance: Decimal;
  /** How often it was moved: entries are only ever added. */
  readonly entries: number;
}

export async function walletState(tx: Tx, tenant: string, wallet: Wallet): Promise<WalletState> {
  return (await balances(tx, tenant, wallet)) ?? { balance: ZERO, entries: 0 };
}

const balances = gatheredRead<Wallet, WalletState>(
  ({ accountId, currency }) => `${walletOf(accountId)}|${currency}`,
  async (tx, tenant, wallets) => {
    const rows = await tx.query<{ account: string; currency: string; balance: string; entries: string }>(
      `select account, currency, (-sum(amount))::text as balance, count(*) as entries from ledger_entry
        where tenant = $1 and account = any($2::text[]) group by account, currency`,
      [tenant, [...new Set(wallets.map(({ accountId }) => walletOf(accountId)))]],
    );
    return new Map(
      rows.map(({ account, currency, balance, entries }) => [
        `${account}|${currency}`,
        { balance: decimal(balance), entries: Number(entries) },
      ]),
    );
  },
);

/** What an account owes: the sum of its invoices that are open, fees and interest of dunning, and what banks took back. */
export async function owedBy(
  tx: Tx,
  tenant: string,
  { accountId, currency }: Pick<Wallet, 'accountId' | 'currency'>,
): Promise<Decimal> {
  const rows = await tx.query<{ owed: string }>(
    `select coalesce(sum(amount), 0)::text as owed from ledger_entry where tenant = $1 and account = any($2::text[]) and currency = $3`,
    [tenant, [receivableOf(accountId), duesOf(accountId), chargebackOf(accountId)], currency],
  );
  return decimal(rows[0]!.owed);
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
