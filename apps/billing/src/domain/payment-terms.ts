/**
 * How somebody pays (design, billing.md section 3): beforehand from a wallet that must not fall below an agreed floor, on account
 * within a credit limit and a number of days, or by card. What is open and not disputed counts as spent.
 */
import {
  type Decimal,
  ZERO,
  assertCurrency,
  decimal,
  invalid,
  minorDigits,
  roundMoney,
} from '@kilowatch/kernel';

export const PAYMENT_KINDS = ['PREPAID', 'ACCOUNT', 'CARD'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

/** An invoice for each session, or one for all of a calendar month. */
export const INVOICINGS = ['PER_SESSION', 'MONTHLY'] as const;
export type Invoicing = (typeof INVOICINGS)[number];

export interface PaymentTerms {
  readonly kind: PaymentKind;
  readonly invoicing: Invoicing;
  readonly currency: string;
  /** PREPAID: the balance must not fall below it. Below zero: so much may be owed. */
  readonly floor: Decimal;
  /** PREPAID: no session begins with less than this above the floor. */
  readonly minimumToStart: Decimal;
  /** ACCOUNT: how much may be open; undefined: no limit. */
  readonly creditLimit: Decimal | undefined;
  /** From an invoice's date to the day it is due. */
  readonly daysToPay: number;
  /** No session begins, whatever is left. */
  readonly blocked: boolean;
}

/** Nobody has agreed anything else: bills are sent, and paid within a fortnight. */
export const USUAL_TERMS: Omit<PaymentTerms, 'currency'> = {
  kind: 'ACCOUNT',
  invoicing: 'PER_SESSION',
  floor: ZERO,
  minimumToStart: ZERO,
  creditLimit: undefined,
  daysToPay: 14,
  blocked: false,
};

const MOST = '1000000';
const MOST_DAYS = 180;

/** Throws INVALID `BILLING_TERMS_KIND`, `BILLING_TERMS_INVOICING`, `BILLING_TERMS_AMOUNT`, `BILLING_TERMS_DAYS` or `CURRENCY_UNKNOWN`. */
export function checkTerms(terms: PaymentTerms): PaymentTerms {
  assertCurrency(terms.currency);
  if (!PAYMENT_KINDS.includes(terms.kind))
    throw invalid('BILLING_TERMS_KIND', `kind is one of ${PAYMENT_KINDS.join(', ')}.`);
  if (!INVOICINGS.includes(terms.invoicing))
    throw invalid('BILLING_TERMS_INVOICING', `invoicing is one of ${INVOICINGS.join(', ')}.`);
  if (terms.invoicing === 'MONTHLY' && terms.kind !== 'ACCOUNT')
    throw invalid('BILLING_TERMS_INVOICING', 'Only who pays on account gets an invoice for a whole month.');
  checkAmount('floor', terms.floor, terms.currency);
  checkAmount('minimumToStart', terms.minimumToStart, terms.currency);
  if (terms.minimumToStart.lt('0')) throw amountError('minimumToStart must not be below zero.');
  if (terms.creditLimit) checkAmount('creditLimit', terms.creditLimit, terms.currency);
  if (terms.creditLimit?.lt('0')) throw amountError('creditLimit must not be below zero; null is no limit.');
  if (!Number.isInteger(terms.daysToPay) || terms.daysToPay < 0 || terms.daysToPay > MOST_DAYS)
    throw invalid('BILLING_TERMS_DAYS', `daysToPay is a whole number from 0 to ${MOST_DAYS}.`);
  return terms;
}

function checkAmount(name: string, amount: Decimal, currency: string): void {
  if (amount.abs().gt(MOST)) throw amountError(`${name} must be at most ${MOST}.`);
  if (!roundMoney(amount, currency).eq(amount))
    throw amountError(`${name} has more decimals than the currency.`);
}

function amountError(text: string) {
  return invalid('BILLING_TERMS_AMOUNT', text);
}

export function sameTerms(a: PaymentTerms, b: PaymentTerms): boolean {
  return (
    a.kind === b.kind &&
    a.invoicing === b.invoicing &&
    a.currency === b.currency &&
    a.floor.eq(b.floor) &&
    a.minimumToStart.eq(b.minimumToStart) &&
    (a.creditLimit && b.creditLimit ? a.creditLimit.eq(b.creditLimit) : a.creditLimit === b.creditLimit) &&
    a.daysToPay === b.daysToPay &&
    a.blocked === b.blocked
  );
}

/** Money that can be paid, in the smallest unit of its currency: `12.34` EUR is `1234`. */
export function toMinor(amount: Decimal, currency: string): string {
  return amount.times(scale(currency)).toFixed(0);
}

export function fromMinor(minor: string, currency: string): Decimal {
  return decimal(minor).div(scale(currency));
}

function scale(currency: string): string {
  return `1${'0'.repeat(minorDigits(currency))}`;
}
