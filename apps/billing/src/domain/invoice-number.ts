/**
 * Invoice numbers run without gaps per operator, series and year (EU VAT Directive 2006/112, art. 226 (2)):
 * `<PREFIX>-<year>-<000001>`. The next number is taken from a row locked in the transaction that issues it.
 */
import { invalid, localParts } from '@kilowatch/kernel';

const PREFIX = /^[A-Z][A-Z0-9]{0,11}$/;
const NUMBER = /^([A-Z][A-Z0-9]{0,11})-(\d{4})-(\d{6,})$/;

/** Six digits at least; the millionth invoice of a year just gets a seventh. */
export function invoiceNumber(prefix: string, year: number, sequence: number): string {
  if (!PREFIX.test(prefix)) {
    throw invalid('BILLING_INVOICE_PREFIX', 'The prefix is 1 to 12 capital letters and digits.', { prefix });
  }
  if (
    !Number.isInteger(year) ||
    year < 1000 ||
    year > 9999 ||
    !Number.isSafeInteger(sequence) ||
    sequence < 1
  ) {
    throw invalid('BILLING_INVOICE_SEQUENCE', 'An invoice number needs a year and a positive count.', {
      year,
      sequence,
    });
  }
  return `${prefix}-${year}-${String(sequence).padStart(6, '0')}`;
}

export function parseInvoiceNumber(
  text: string,
): { prefix: string; year: number; sequence: number } | undefined {
  const match = NUMBER.exec(text);
  if (!match || Number(match[3]) < 1) return undefined;
  return { prefix: match[1]!, year: Number(match[2]), sequence: Number(match[3]) };
}

/** The year an invoice belongs to, on the operator's calendar. */
export function invoiceYear(issuedAt: Date, timeZone: string): number {
  return localParts(issuedAt, timeZone).year;
}
