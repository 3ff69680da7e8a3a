/**
 * Double entry, append only: every posting sums to zero per currency, balances are sums, and a mistake is undone by
 * its mirror. Debits are positive, credits negative.
 */
import { type Decimal, ZERO, internal, roundMoney, sumDecimals } from '@kilowatch/kernel';
import { VAT } from '@kilowatch/pricing';
import type { Invoice } from './invoice.js';

/**
 * `receivable:<account>` what a driver owes us; `wallet:<account>` what we owe a driver (credit balance: negative);
 * `revenue`; `vat:<rate>` and `tax:<name>:<rate>` owed to the state; `cash:<provider>` money in the bank.
 */
export type LedgerAccount = string;

export interface LedgerEntry {
  readonly account: LedgerAccount;
  readonly amount: Decimal;
  readonly currency: string;
}

export type PostingReason =
  | ('INVOICE' | 'CREDIT_NOTE' | 'WALLET_PAYMENT' | 'WALLET_REFUND' | 'TRANSFER' | 'TOP_UP' | 'REVERSAL')
  /** Of money by card: card-ledger.ts. */
  | ('CARD_PAYMENT' | 'CARD_REFUND_DUE' | 'CARD_REFUND' | 'CARD_REFUND_FAILED' | 'CARD_REFUND_FOREIGN')
  | ('CARD_FEE' | 'PAYOUT' | 'PAYOUT_FAILED' | 'CHARGEBACK' | 'CHARGEBACK_RETURNED' | 'CHARGEBACK_PAYMENT')
  /** Of what is overdue: dunning-ledger.ts. */
  | ('DUNNING_CHARGE' | 'DUNNING_WAIVED' | 'DUNNING_PAYMENT' | 'WRITE_OFF' | 'WRITE_OFF_UNDONE')
  /** Of money for the owners of locations: payee-statement.ts. */
  | ('PAYEE_STATEMENT' | 'PAYEE_PAID');

export interface Posting {
  readonly id: string;
  readonly reason: PostingReason;
  /** Business key: the same reason and reference are never posted twice. */
  readonly reference: string;
  readonly postedAt: Date;
  readonly entries: readonly LedgerEntry[];
}

export type PostingKey = Pick<Posting, 'id' | 'postedAt'>;

export const receivableOf = (accountId: string): LedgerAccount => `receivable:${accountId}`;
export const walletOf = (accountId: string): LedgerAccount => `wallet:${accountId}`;
/** Whose money an account of the ledger is; undefined: nobody's who charges. */
export function driverOf(account: LedgerAccount): string | undefined {
  return /^(?:receivable|wallet|dues|chargeback):(.+)$/.exec(account)?.[1];
}
export const cashOf = (provider: string): LedgerAccount => `cash:${provider}`;
export const vatOf = (rate: Decimal | null): LedgerAccount => `vat:${rate?.toFixed() ?? 'none'}`;
export const taxOf = (name: string, percent: Decimal): LedgerAccount =>
  name === VAT ? vatOf(percent) : `tax:${name}:${percent.toFixed()}`;
export const REVENUE: LedgerAccount = 'revenue';

/**
 * Checks and returns a posting; entries of zero are left out. Throws INTERNAL `BILLING_LEDGER_UNBALANCED` or
 * `BILLING_LEDGER_NOT_ROUNDED`: either is a bug, and nothing must be stored.
 */
export function post(posting: Posting): Posting {
  const entries = posting.entries.filter((entry) => !entry.amount.eq('0'));
  const currencies = new Set(entries.map((entry) => entry.currency));
  for (const currency of currencies) {
    const amounts = entries.filter((entry) => entry.currency === currency).map((entry) => entry.amount);
    if (!sumDecimals(amounts).eq('0')) {
      throw internal('BILLING_LEDGER_UNBALANCED', 'A booking did not balance.', { posting });
    }
    if (amounts.some((amount) => !roundMoney(amount, currency).eq(amount))) {
      throw internal('BILLING_LEDGER_NOT_ROUNDED', 'A booking had fractions of a cent.', { posting });
    }
  }
  return { ...posting, entries };
}

/** A posting of two entries: `amount` on the debit of one account and the credit of the other. */
export function postBetween(
  posting: Omit<Posting, 'entries'>,
  debit: LedgerAccount,
  credit: LedgerAccount,
  { amount, currency }: { readonly amount: Decimal; readonly currency: string },
): Posting {
  return post({
    ...posting,
    entries: [
      { account: debit, amount, currency },
      { account: credit, amount: amount.neg(), currency },
    ],
  });
}

/** The driver owes the total; revenue and the VAT of each rate are earned. A credit note posts the mirror by itself. */
export function postInvoice(invoice: Invoice, key: PostingKey): Posting {
  const { currency, total } = invoice;
  return post({
    ...key,
    reason: invoice.credits === null ? 'INVOICE' : 'CREDIT_NOTE',
    reference: invoice.number,
    entries: [
      { account: receivableOf(invoice.accountId), amount: total.incl, currency },
      { account: REVENUE, amount: total.excl.neg(), currency },
      ...taxesOf(invoice).map(({ account, amount }) => ({ account, amount: amount.neg(), currency })),
    ],
  });
}

/** Each tax has an account of its own: they are owed to different offices. */
function taxesOf({ byTax, byVatRate }: Invoice): { account: LedgerAccount; amount: Decimal }[] {
  if (!byTax) return byVatRate.map((row) => ({ account: vatOf(row.vatPercent), amount: row.vat }));
  return byTax.map(({ name, percent, amount }) => ({ account: taxOf(name, percent), amount }));
}

export interface Movement {
  readonly accountId: string;
  readonly amount: Decimal;
  readonly currency: string;
  readonly reference: string;
}

export function postWalletPayment(
  { accountId, amount, currency, reference }: Movement,
  key: PostingKey,
): Posting {
  return postBetween(
    { ...key, reason: 'WALLET_PAYMENT', reference },
    walletOf(accountId),
    receivableOf(accountId),
    { amount, currency },
  );
}

/** What a driver is due goes into the wallet: what was paid for an invoice that was credited, however it was paid, or a bill in their favour. */
export function postWalletRefund(
  { accountId, amount, currency, reference }: Movement,
  key: PostingKey,
): Posting {
  return postBetween(
    { ...key, reason: 'WALLET_REFUND', reference },
    receivableOf(accountId),
    walletOf(accountId),
    { amount, currency },
  );
}

/** Money that arrived for an invoice by bank transfer or card. */
export function postTransfer(movement: Movement & { readonly provider: string }, key: PostingKey): Posting {
  const { accountId, provider, reference } = movement;
  return postBetween(
    { ...key, reason: 'TRANSFER', reference },
    cashOf(provider),
    receivableOf(accountId),
    movement,
  );
}

/** Money that arrived to fill a wallet. */
export function postTopUp(movement: Movement & { readonly provider: string }, key: PostingKey): Posting {
  const { accountId, provider, reference } = movement;
  return postBetween(
    { ...key, reason: 'TOP_UP', reference },
    cashOf(provider),
    walletOf(accountId),
    movement,
  );
}

export function reverse(posting: Posting, key: PostingKey): Posting {
  return post({
    ...key,
    reason: 'REVERSAL',
    reference: posting.id,
    entries: posting.entries.map((entry) => ({ ...entry, amount: entry.amount.neg() })),
  });
}

export function balanceOf(postings: readonly Posting[], account: LedgerAccount, currency: string): Decimal {
  return sumDecimals(
    postings
      .flatMap((posting) => posting.entries)
      .filter((entry) => entry.account === account && entry.currency === currency)
      .map((entry) => entry.amount),
  );
}

/** What a driver can spend: the wallet is our debt, so its balance is the negated sum. */
export function walletBalance(postings: readonly Posting[], accountId: string, currency: string): Decimal {
  return ZERO.minus(balanceOf(postings, walletOf(accountId), currency));
}
