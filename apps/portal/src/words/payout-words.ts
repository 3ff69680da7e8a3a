import type { PayoutParts } from '../api/documents/payouts.js';
import { formatMoney } from '../ui/format.js';

/** What a payout is made of, as a sum that ends with the tenant's part. Zero is left out, but for the payments and the fees. */
export function payoutRows(payout: PayoutParts): readonly (readonly [string, string])[] {
  const { payments, refunds, chargebacks, other, fees, amount, payoutAmount, transactions } = payout;
  const unlessZero = (name: string, money: PayoutParts['amount']) =>
    Number(money.amount) === 0 ? [] : ([[name, formatMoney(money)]] as const);
  return [
    ['Payments', formatMoney(payments)],
    ...unlessZero('Given back', refunds),
    ...unlessZero('Taken back by banks', chargebacks),
    ...unlessZero('Corrections and other', other),
    ['Fees of the provider', formatMoney({ ...fees, amount: negated(fees.amount) })],
    ['Your part', formatMoney(amount)],
    // Of an account that several companies share.
    ...(payoutAmount.amount === amount.amount
      ? []
      : ([['Received by the bank, for all', formatMoney(payoutAmount)]] as const)),
    ['Lines', String(transactions)],
  ];
}

/** The text of a decimal stays one: no float in between. */
function negated(amount: string): string {
  if (Number(amount) === 0) return amount;
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}
