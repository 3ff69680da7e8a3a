/**
 * What money that arrived for an invoice pays: the invoice first, then the fees and interest of its case; what is more belongs to the
 * driver and comes into the wallet. (BGB s. 367 would begin with the charges; a creditor may do what is better for who owes.)
 */
import { type Decimal, ZERO } from '@kilowatch/kernel';

export interface PaymentSplit {
  readonly invoice: Decimal;
  /** Of an invoice that was given up: what comes back of it. */
  readonly recovered: Decimal;
  readonly charges: Decimal;
  readonly wallet: Decimal;
}

export interface OwedParts {
  /** Of an open invoice. */
  readonly invoice: Decimal;
  readonly writtenOff: Decimal;
  readonly charges: Decimal;
}

/** The parts add up to the amount, and none is more than what it pays. */
export function splitPayment(amount: Decimal, owed: OwedParts): PaymentSplit {
  const take = (rest: Decimal, most: Decimal) => (rest.gt(most) ? most : rest);
  const invoice = take(amount, owed.invoice);
  const recovered = take(amount.minus(invoice), owed.writtenOff);
  const charges = take(amount.minus(invoice).minus(recovered), owed.charges);
  const wallet = amount.minus(invoice).minus(recovered).minus(charges);
  return { invoice, recovered, charges, wallet };
}

export const NOTHING_OWED: OwedParts = { invoice: ZERO, writtenOff: ZERO, charges: ZERO };
