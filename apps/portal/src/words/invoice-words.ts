import type { InvoicePageQuery, InvoicesQuery } from '../api/documents/invoices.js';
import { sentenceCase, type Word } from './session-words.js';

type ListedInvoice = InvoicesQuery['invoices']['edges'][number]['node'];
type InvoiceStatus = ListedInvoice['status'];

const STATUS: Readonly<Record<InvoiceStatus, Word>> = {
  OPEN: { text: 'Open', tone: 'warn' },
  PAID: { text: 'Paid', tone: 'good' },
  CREDITED: { text: 'Taken back', tone: 'quiet' },
  WRITTEN_OFF: { text: 'Given up', tone: 'quiet' },
};

/** A credit note is settled as soon as it is there; one that takes back no invoice is a bill that came to less than nothing. */
export function invoiceWord({
  status,
  kind,
  credits,
  overdue,
}: Pick<ListedInvoice, 'status' | 'kind' | 'credits'> & { readonly overdue?: boolean | null }): Word {
  if (isInFavour({ kind, credits }) && status !== 'CREDITED') return { text: 'In your favour', tone: 'good' };
  if (kind === 'CREDIT_NOTE' && status !== 'CREDITED') return { text: 'Settled', tone: 'good' };
  return overdue ? { text: 'Overdue', tone: 'bad' } : STATUS[status];
}

export const isInFavour = ({ kind, credits }: Pick<ListedInvoice, 'kind' | 'credits'>): boolean =>
  kind === 'CREDIT_NOTE' && credits === null;

export const invoiceName = (kind: ListedInvoice['kind']): string =>
  kind === 'CREDIT_NOTE' ? 'Credit note' : 'Invoice';

/** `2026-03` in words. */
export function monthText(month: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return format.format(new Date(`${month}-01T00:00:00Z`));
}

const METHODS: Readonly<Record<string, string>> = {
  WALLET: 'from the wallet',
  TRANSFER: 'by bank transfer',
  CARD: 'by card',
  OFFSET: 'set off against the invoice',
};

export function paymentMethodText(method: string | null): string {
  return method === null ? '' : (METHODS[method.toUpperCase()] ?? `by ${sentenceCase(method).toLowerCase()}`);
}

export type CardPayment = NonNullable<NonNullable<InvoicePageQuery['invoice']>['payments']>[number];

const PAYMENTS: Readonly<Record<CardPayment['state'], Word>> = {
  PENDING: { text: 'Not asked yet', tone: 'quiet' },
  UNKNOWN: { text: 'Waiting for the bank', tone: 'quiet' },
  REQUIRES_ACTION: { text: 'To be confirmed', tone: 'warn' },
  AUTHORISED: { text: 'Reserved', tone: 'quiet' },
  CANCELLED: { text: 'Not needed', tone: 'quiet' },
  EXPIRED: { text: 'Ran out', tone: 'quiet' },
  DECLINED: { text: 'Declined', tone: 'warn' },
  CAPTURED: { text: 'Paid', tone: 'good' },
  PARTLY_REFUNDED: { text: 'Partly given back', tone: 'good' },
  REFUNDED: { text: 'Given back', tone: 'good' },
};

export const paymentWord = ({ state }: Pick<CardPayment, 'state'>): Word => PAYMENTS[state];

/** `Visa ending in 4242`. */
export function cardText(card: CardPayment['card']): string {
  return card ? `${sentenceCase(card.brand)} ending in ${card.last4}` : 'A card that was removed';
}
