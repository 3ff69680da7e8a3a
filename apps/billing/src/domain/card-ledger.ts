/**
 * Bookings of money that comes by card. `clearing:<provider>` is money the provider holds for us, `refund:<account>` what is on its way
 * back to a card, `fees:<provider>` and `goodwill` are costs. `chargeback:<account>` is what a driver owes because a card payment was
 * taken back that paid no invoice of now. Each is posted once per payment, refund or payout.
 */
import type { Decimal } from '@kilowatch/kernel';
import type { TakenParts } from './chargeback.js';
import {
  cashOf,
  post,
  postBetween,
  receivableOf,
  walletOf,
  type LedgerAccount,
  type Posting,
  type PostingKey,
} from './ledger.js';

export const clearingOf = (provider: string): LedgerAccount => `clearing:${provider}`;
export const feesOf = (provider: string): LedgerAccount => `fees:${provider}`;
export const refundOf = (accountId: string): LedgerAccount => `refund:${accountId}`;
export const chargebackOf = (accountId: string): LedgerAccount => `chargeback:${accountId}`;
/** What we give back without a credit note. */
export const GOODWILL: LedgerAccount = 'goodwill';

export interface CardMoney {
  readonly accountId: string;
  readonly currency: string;
  readonly provider: string;
  readonly reference: string;
}

/** Money of a payment was taken: so much of it pays what is owed, the rest goes into the wallet or back to the card. */
export function postCardPayment(
  { accountId, currency, provider, reference }: CardMoney,
  { owed, wallet, back }: { readonly owed: Decimal; readonly wallet: Decimal; readonly back: Decimal },
  key: PostingKey,
): Posting {
  return post({
    ...key,
    reason: 'CARD_PAYMENT',
    reference,
    entries: [
      { account: clearingOf(provider), amount: owed.plus(wallet).plus(back), currency },
      { account: receivableOf(accountId), amount: owed.neg(), currency },
      { account: walletOf(accountId), amount: wallet.neg(), currency },
      { account: refundOf(accountId), amount: back.neg(), currency },
    ],
  });
}

export type RefundSource = 'INVOICE' | 'WALLET' | 'GOODWILL';

/** From here on we owe it to the card. `source` says who gives it. */
export function postRefundDue(
  { accountId, currency, reference }: Omit<CardMoney, 'provider'>,
  amount: Decimal,
  source: RefundSource,
  key: PostingKey,
): Posting {
  const from = { INVOICE: receivableOf(accountId), WALLET: walletOf(accountId), GOODWILL }[source];
  return postBetween({ ...key, reason: 'CARD_REFUND_DUE', reference }, from, refundOf(accountId), {
    amount,
    currency,
  });
}

/** The provider gave it back. */
export function postRefundMade(
  { accountId, currency, provider, reference }: CardMoney,
  amount: Decimal,
  key: PostingKey,
): Posting {
  return postBetween(
    { ...key, reason: 'CARD_REFUND', reference },
    refundOf(accountId),
    clearingOf(provider),
    { amount, currency },
  );
}

/** It cannot be given back to the card: it is the driver's all the same. */
export function postRefundFailed(
  { accountId, currency, reference }: Omit<CardMoney, 'provider'>,
  amount: Decimal,
  key: PostingKey,
): Posting {
  return postBetween(
    { ...key, reason: 'CARD_REFUND_FAILED', reference },
    refundOf(accountId),
    walletOf(accountId),
    { amount, currency },
  );
}

/** Given back at the provider by somebody else than us: our cost until a person looks at it. */
export function postForeignRefund(
  { currency, provider, reference }: Omit<CardMoney, 'accountId'>,
  amount: Decimal,
  key: PostingKey,
): Posting {
  return postBetween({ ...key, reason: 'CARD_REFUND_FOREIGN', reference }, GOODWILL, clearingOf(provider), {
    amount,
    currency,
  });
}

export function postCardFee(
  { currency, provider, reference }: Omit<CardMoney, 'accountId'>,
  fee: Decimal,
  key: PostingKey,
): Posting {
  return postBetween({ ...key, reason: 'CARD_FEE', reference }, feesOf(provider), clearingOf(provider), {
    amount: fee,
    currency,
  });
}

/** The bank did not take it: the provider holds it again. */
export function postPayoutFailed(
  { currency, provider, reference }: Omit<CardMoney, 'accountId'>,
  amount: Decimal,
  key: PostingKey,
): Posting {
  return postBetween({ ...key, reason: 'PAYOUT_FAILED', reference }, clearingOf(provider), cashOf('bank'), {
    amount,
    currency,
  });
}

/** What the provider held arrived in our bank. */
export function postPayout(
  { currency, provider, reference }: Omit<CardMoney, 'accountId'>,
  amount: Decimal,
  key: PostingKey,
): Posting {
  return postBetween({ ...key, reason: 'PAYOUT', reference }, cashOf('bank'), clearingOf(provider), {
    amount,
    currency,
  });
}

/** A bank took money of a payment back: the driver owes it again. */
export function postChargeback(money: CardMoney, taken: TakenParts, key: PostingKey): Posting {
  return postTaken('CHARGEBACK', money, taken, key);
}

/** The mirror: the chargeback was won, or withdrawn. */
export function postChargebackReturned(
  money: CardMoney,
  { invoice, wallet, claim }: TakenParts,
  key: PostingKey,
): Posting {
  const back = { invoice: invoice.neg(), wallet: wallet.neg(), claim: claim.neg() };
  return postTaken('CHARGEBACK_RETURNED', money, back, key);
}

function postTaken(
  reason: 'CHARGEBACK' | 'CHARGEBACK_RETURNED',
  { accountId, currency, provider, reference }: CardMoney,
  { invoice, wallet, claim }: TakenParts,
  key: PostingKey,
): Posting {
  return post({
    ...key,
    reason,
    reference,
    entries: [
      { account: receivableOf(accountId), amount: invoice, currency },
      { account: walletOf(accountId), amount: wallet, currency },
      { account: chargebackOf(accountId), amount: claim, currency },
      { account: clearingOf(provider), amount: invoice.plus(wallet).plus(claim).neg(), currency },
    ],
  });
}

/** What is owed beside invoices is paid by the wallet. */
export function postClaimFromWallet(
  { accountId, currency, reference }: Omit<CardMoney, 'provider'>,
  amount: Decimal,
  key: PostingKey,
): Posting {
  return postBetween(
    { ...key, reason: 'CHARGEBACK_PAYMENT', reference },
    walletOf(accountId),
    chargebackOf(accountId),
    { amount, currency },
  );
}
