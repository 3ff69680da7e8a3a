/**
 * Bookings of dunning. `dues:<account>` is what a driver owes besides invoices: fees and interest, which are damages and no supply, so
 * they have no VAT and no invoice (for interest: CJEU 222/81, BAZ Bausystem). `dunning-fees` and `interest` are earned, `waived-charges`
 * and `bad-debt` are what was given up. What is given up has its VAT in it: taking that back from the state is the bookkeeper's.
 */
import type { Decimal } from '@kilowatch/kernel';
import {
  cashOf,
  post,
  postBetween,
  receivableOf,
  walletOf,
  type LedgerAccount,
  type Movement,
  type Posting,
  type PostingKey,
} from './ledger.js';
import type { Charges } from './dunning.js';
import type { PaymentSplit } from './payment-split.js';

export const duesOf = (accountId: string): LedgerAccount => `dues:${accountId}`;
export const DUNNING_FEES: LedgerAccount = 'dunning-fees';
export const INTEREST: LedgerAccount = 'interest';
export const WAIVED_CHARGES: LedgerAccount = 'waived-charges';
export const BAD_DEBT: LedgerAccount = 'bad-debt';

type Of = Omit<Movement, 'amount'>;

export function postCharges(
  { accountId, currency, reference }: Of,
  charges: Charges,
  key: PostingKey,
): Posting {
  const { fee, interest } = charges;
  return post({
    ...key,
    reason: 'DUNNING_CHARGE',
    reference,
    entries: [
      { account: duesOf(accountId), amount: fee.plus(interest), currency },
      { account: DUNNING_FEES, amount: fee.neg(), currency },
      { account: INTEREST, amount: interest.neg(), currency },
    ],
  });
}

/** Charges that are owed no more; `paid` of them had been paid and comes into the wallet. */
export function postChargesWaived(
  { accountId, currency, reference }: Of,
  { open, paid }: { readonly open: Decimal; readonly paid: Decimal },
  key: PostingKey,
): Posting {
  return post({
    ...key,
    reason: 'DUNNING_WAIVED',
    reference,
    entries: [
      { account: WAIVED_CHARGES, amount: open.plus(paid), currency },
      { account: duesOf(accountId), amount: open.neg(), currency },
      { account: walletOf(accountId), amount: paid.neg(), currency },
    ],
  });
}

export function postChargesFromWallet(
  { accountId, amount, currency, reference }: Movement,
  key: PostingKey,
): Posting {
  return postBetween(
    { ...key, reason: 'DUNNING_PAYMENT', reference },
    walletOf(accountId),
    duesOf(accountId),
    { amount, currency },
  );
}

/** Money that arrived for an invoice, and what it pays. */
export function postReceived(
  { accountId, currency, reference, provider }: Of & { readonly provider: string },
  split: PaymentSplit,
  key: PostingKey,
): Posting {
  const { invoice, recovered, charges, wallet } = split;
  return post({
    ...key,
    reason: 'TRANSFER',
    reference,
    entries: [
      { account: cashOf(provider), amount: invoice.plus(recovered).plus(charges).plus(wallet), currency },
      { account: receivableOf(accountId), amount: invoice.neg(), currency },
      { account: BAD_DEBT, amount: recovered.neg(), currency },
      { account: duesOf(accountId), amount: charges.neg(), currency },
      { account: walletOf(accountId), amount: wallet.neg(), currency },
    ],
  });
}

/** What is owed of an invoice is given up. */
export function postWriteOff({ accountId, amount, currency, reference }: Movement, key: PostingKey): Posting {
  return postBetween({ ...key, reason: 'WRITE_OFF', reference }, BAD_DEBT, receivableOf(accountId), {
    amount,
    currency,
  });
}

/** An invoice that was given up is taken back: so much of it was never owed, and is no loss. */
export function postWriteOffUndone(
  { accountId, amount, currency, reference }: Movement,
  key: PostingKey,
): Posting {
  return postBetween({ ...key, reason: 'WRITE_OFF_UNDONE', reference }, receivableOf(accountId), BAD_DEBT, {
    amount,
    currency,
  });
}
