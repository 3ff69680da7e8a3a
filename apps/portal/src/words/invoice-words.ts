import type { InvoicesQuery } from '../api/documents/invoices.js';
import { sentenceCase, type Word } from './session-words.js';

type InvoiceStatus = InvoicesQuery['invoices']['edges'][number]['node']['status'];

const STATUS: Readonly<Record<InvoiceStatus, Word>> = {
  OPEN: { text: 'Open', tone: 'warn' },
  PAID: { text: 'Paid', tone: 'good' },
};

export const invoiceWord = (status: InvoiceStatus): Word => STATUS[status];

const METHODS: Readonly<Record<string, string>> = { WALLET: 'from the wallet', TRANSFER: 'by bank transfer' };

export function paymentMethodText(method: string | null): string {
  return method === null ? '' : (METHODS[method.toUpperCase()] ?? `by ${sentenceCase(method).toLowerCase()}`);
}
