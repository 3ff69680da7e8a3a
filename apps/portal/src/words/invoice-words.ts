import type { InvoicesQuery } from '../api/documents/invoices.js';
import { sentenceCase, type Word } from './session-words.js';

type ListedInvoice = InvoicesQuery['invoices']['edges'][number]['node'];
type InvoiceStatus = ListedInvoice['status'];

const STATUS: Readonly<Record<InvoiceStatus, Word>> = {
  OPEN: { text: 'Open', tone: 'warn' },
  PAID: { text: 'Paid', tone: 'good' },
  CREDITED: { text: 'Taken back', tone: 'quiet' },
};

/** A credit note is settled as soon as it is there. */
export const invoiceWord = ({ status, kind }: Pick<ListedInvoice, 'status' | 'kind'>): Word =>
  kind === 'CREDIT_NOTE' ? { text: 'Settled', tone: 'good' } : STATUS[status];

export const invoiceName = (kind: ListedInvoice['kind']): string =>
  kind === 'CREDIT_NOTE' ? 'Credit note' : 'Invoice';

const METHODS: Readonly<Record<string, string>> = {
  WALLET: 'from the wallet',
  TRANSFER: 'by bank transfer',
  OFFSET: 'set off against the invoice',
};

export function paymentMethodText(method: string | null): string {
  return method === null ? '' : (METHODS[method.toUpperCase()] ?? `by ${sentenceCase(method).toLowerCase()}`);
}
