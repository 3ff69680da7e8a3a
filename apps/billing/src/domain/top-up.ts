/** Checks of money an operator records: positive, payable in the currency, and no more than a typing error should cost. */
import { type Decimal, assertCurrency, invalid, roundMoney } from '@kilowatch/kernel';

export const LARGEST_TOP_UP = '10000';

/** Throws INVALID `BILLING_AMOUNT`, `BILLING_REFERENCE` or `CURRENCY_UNKNOWN`. */
export function checkTopUp(amount: Decimal, currency: string, reference: string): void {
  assertCurrency(currency);
  if (!amount.gt('0')) throw invalid('BILLING_AMOUNT', 'The amount must be more than zero.');
  if (amount.gt(LARGEST_TOP_UP)) {
    throw invalid('BILLING_AMOUNT', `The amount must be at most ${LARGEST_TOP_UP}.`);
  }
  if (!roundMoney(amount, currency).eq(amount)) {
    throw invalid('BILLING_AMOUNT', 'The amount has more decimals than the currency.');
  }
  checkReference(reference);
}

export function checkReference(reference: string): void {
  if (reference.trim() === '' || reference.length > 140) {
    throw invalid('BILLING_REFERENCE', 'The reference has 1 to 140 characters.');
  }
}
