/**
 * Invoices: one or several CDRs of one buyer, with the fields of VAT Directive 2006/112 art. 226. Totals are sums of
 * the CDRs' rounded figures, so an invoice always adds up; a credit note is its exact mirror.
 */
import { type Decimal, ZERO, conflict, invalid } from '@kilowatch/kernel';
import type { Amount, BilledDimension, VatRow } from '@kilowatch/pricing';
import type { Cdr } from './cdr.js';
import type { BilledAdjustment } from './quote.js';

export interface Party {
  readonly name: string;
  readonly address: string;
  readonly country: string;
  readonly vatId?: string;
}

export interface InvoiceLine extends Amount {
  readonly cdrId: string;
  readonly sessionId: string;
  /** ADJUSTMENT: minimum or maximum price. ROUNDING: what rounding each line by itself left over, cents at most. */
  readonly dimension: BilledDimension | 'ADJUSTMENT' | 'ROUNDING';
  readonly quantity: Decimal | null;
  readonly unit: string | null;
  readonly unitPrice: Decimal | null;
  readonly vatPercent: Decimal | null;
  readonly description: string;
}

export interface Invoice {
  readonly id: string;
  readonly number: string;
  readonly issuedAt: Date;
  readonly accountId: string;
  readonly seller: Party;
  readonly buyer: Party;
  readonly currency: string;
  /** First start and last end of the sessions. */
  readonly suppliedFrom: Date;
  readonly suppliedTo: Date;
  readonly lines: readonly InvoiceLine[];
  readonly byVatRate: readonly VatRow[];
  readonly total: Amount;
  /** What a person decided about the sessions, in sentences; absent where nobody had to. */
  readonly notes?: readonly string[];
  /** Number of the invoice this credit note cancels. */
  readonly credits: string | null;
}

export interface InvoiceRequest {
  readonly id: string;
  readonly number: string;
  readonly issuedAt: Date;
  readonly accountId: string;
  readonly seller: Party;
  readonly buyer: Party;
  readonly cdrs: readonly Cdr[];
}

/** Throws INVALID without CDRs, without a named seller, for a credit CDR, or for CDRs of several currencies. */
export function issueInvoice({ cdrs, ...request }: InvoiceRequest): Invoice {
  const first = cdrs[0];
  if (!first) throw invalid('BILLING_INVOICE_EMPTY', 'An invoice needs at least one session.');
  if (cdrs.some((cdr) => cdr.credit || cdr.currency !== first.currency)) {
    throw invalid('BILLING_INVOICE_MIXED', 'An invoice has sessions of one currency and no credits.');
  }
  if (request.seller.name.trim() === '' || request.seller.address.trim() === '') {
    throw invalid('BILLING_INVOICE_SELLER', 'An invoice must name its seller and their address.');
  }
  const notes = cdrs.flatMap(({ decision, remark }) => (decision && remark ? [remark] : []));
  const times = cdrs.flatMap((cdr) => [cdr.start.getTime(), cdr.end.getTime()]);
  return {
    ...request,
    currency: first.currency,
    suppliedFrom: new Date(Math.min(...times)),
    suppliedTo: new Date(Math.max(...times)),
    lines: cdrs.flatMap(linesOf),
    byVatRate: mergeVatRows(cdrs.flatMap((cdr) => cdr.price.byVatRate)),
    total: sumAmounts(cdrs.map((cdr) => cdr.total)),
    ...(notes.length > 0 ? { notes } : {}),
    credits: null,
  };
}

/** Cancels an invoice completely, under a number of its own. Throws CONFLICT for a credit note. */
export function creditInvoice(
  invoice: Invoice,
  { id, number, issuedAt, note }: Pick<Invoice, 'id' | 'number' | 'issuedAt'> & { readonly note?: string },
): Invoice {
  if (invoice.credits !== null) {
    throw conflict('BILLING_INVOICE_IS_CREDIT', 'A credit note cannot be credited.', {
      number: invoice.number,
    });
  }
  return {
    ...invoice,
    id,
    number,
    issuedAt,
    lines: invoice.lines.map((line) => ({
      ...line,
      ...negated(line),
      quantity: line.quantity?.neg() ?? null,
    })),
    byVatRate: invoice.byVatRate.map((row) => ({ ...row, ...negated(row) })),
    total: negated(invoice.total),
    ...(note === undefined ? {} : { notes: [note] }),
    credits: invoice.number,
  };
}

export const ADJUSTMENTS: Readonly<Record<BilledAdjustment['reason'], string>> = {
  MIN_PRICE: 'Minimum price of a session',
  MAX_PRICE: 'Maximum price of a session',
  AGREED: 'Reduction',
};

function linesOf(cdr: Cdr): InvoiceLine[] {
  const { lines, adjustment, total } = cdr.price;
  const origin = { cdrId: cdr.id, sessionId: cdr.sessionId };
  const extra = (dimension: InvoiceLine['dimension'], amount: Amount, description: string): InvoiceLine => ({
    ...origin,
    dimension,
    quantity: null,
    unit: null,
    unitPrice: null,
    vatPercent: null,
    excl: amount.excl,
    vat: amount.vat,
    incl: amount.incl,
    description,
  });
  const listed: InvoiceLine[] = lines.map((line) => ({
    ...origin,
    dimension: line.dimension,
    quantity: line.quantity,
    unit: line.unit,
    unitPrice: line.unitPrice,
    vatPercent: line.vatPercent,
    excl: line.excl,
    vat: line.vat,
    incl: line.incl,
    description: line.explanation,
  }));
  if (adjustment) {
    listed.push(extra('ADJUSTMENT', adjustment, ADJUSTMENTS[adjustment.reason]));
  }
  const rounding = minus(total, sumAmounts(listed));
  const rounded = !rounding.excl.eq('0') || !rounding.vat.eq('0');
  return rounded ? [...listed, extra('ROUNDING', rounding, 'Rounding of the lines')] : listed;
}

/** Rows of one rate added up; order of first appearance. */
export function mergeVatRows(rows: readonly VatRow[]): VatRow[] {
  const merged = new Map<string, VatRow>();
  for (const row of rows) {
    const key = row.vatPercent?.toFixed() ?? 'none';
    const known = merged.get(key);
    merged.set(key, known ? { vatPercent: row.vatPercent, ...sumAmounts([known, row]) } : row);
  }
  return [...merged.values()];
}

export function sumAmounts(amounts: readonly Amount[]): Amount {
  const nothing: Amount = { excl: ZERO, vat: ZERO, incl: ZERO };
  return amounts.reduce<Amount>(
    (sum, a) => ({ excl: sum.excl.plus(a.excl), vat: sum.vat.plus(a.vat), incl: sum.incl.plus(a.incl) }),
    nothing,
  );
}

function minus(a: Amount, b: Amount): Amount {
  return { excl: a.excl.minus(b.excl), vat: a.vat.minus(b.vat), incl: a.incl.minus(b.incl) };
}

function negated(a: Amount): Amount {
  return { excl: a.excl.neg(), vat: a.vat.neg(), incl: a.incl.neg() };
}
