/**
 * Invoices: one or several CDRs of one buyer, with the fields of VAT Directive 2006/112 art. 226. Totals are sums of
 * the CDRs' rounded figures, so an invoice always adds up; what takes one back is its exact mirror. What comes to less
 * than nothing is in the driver's favour, and its paper a credit note (docs/adr/0020).
 */
import { type Decimal, ZERO, conflict, decimal, invalid } from '@kilowatch/kernel';
import {
  type Amount,
  type BilledDimension,
  type PriceLine,
  type Tax,
  type TaxRow,
  VAT,
  type VatRow,
} from '@kilowatch/pricing';
import type { CalendarMonth } from './calendar-month.js';
import type { Cdr } from './cdr.js';
import type { BilledAdjustment, BilledPrice } from './quote.js';

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
  /** Of all taxes taken together. */
  readonly vatPercent: Decimal | null;
  /** Where they are more than VAT. */
  readonly taxes?: readonly Tax[];
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
  /** By all taxes of a line taken together. */
  readonly byVatRate: readonly VatRow[];
  /** By name and rate, where there is another tax than VAT; the amounts add up to the VAT of the total. */
  readonly byTax?: readonly TaxRow[];
  readonly total: Amount;
  /** What a person decided about the sessions, in sentences; absent where nobody had to. */
  readonly notes?: readonly string[];
  /** Number of the document this one cancels, or part of it. */
  readonly credits: string | null;
  /** Of a collective invoice: the month it is for. */
  readonly month?: CalendarMonth;
  /** From when on it is overdue; absent in what was issued before there was a day, and where nothing is asked for. */
  readonly dueAt?: Date;
}

type InvoicedLine = Pick<
  PriceLine,
  'dimension' | 'quantity' | 'unit' | 'unitPrice' | 'vatPercent' | 'taxes' | 'explanation' | keyof Amount
>;

/** What of a CDR an invoice is made of. */
export interface InvoicedCdr extends Pick<
  Cdr,
  'id' | 'sessionId' | 'currency' | 'start' | 'end' | 'total' | 'credit' | 'remark' | 'decision'
> {
  readonly price: Pick<BilledPrice, 'adjustment' | 'total' | 'byVatRate' | 'byTax'> & {
    readonly lines: readonly InvoicedLine[];
  };
}

export interface InvoiceRequest {
  readonly id: string;
  readonly number: string;
  readonly issuedAt: Date;
  readonly accountId: string;
  readonly seller: Party;
  readonly buyer: Party;
  readonly cdrs: readonly InvoicedCdr[];
  readonly month?: CalendarMonth;
  readonly dueAt?: Date;
}

/**
 * Which paper it is (UNTDID 1001: 381 or 380): whatever is in the driver's favour is a credit note, and what asks for money an invoice, also where
 * it takes back a credit note.
 */
export function isCreditNote({
  total,
  credits,
}: {
  readonly total: { readonly incl: Decimal | string };
  readonly credits: string | null;
}): boolean {
  const incl = decimal(total.incl);
  return incl.eq('0') ? credits !== null : incl.lt('0');
}

/** Throws INVALID without CDRs, without a named seller, for a credit CDR, or for CDRs of several currencies. */
export function issueInvoice({ cdrs, dueAt, ...request }: InvoiceRequest): Invoice {
  const first = cdrs[0];
  if (!first) throw invalid('BILLING_INVOICE_EMPTY', 'An invoice needs at least one session.');
  if (cdrs.some((cdr) => cdr.credit || cdr.currency !== first.currency)) {
    throw invalid('BILLING_INVOICE_MIXED', 'An invoice has sessions of one currency and no credits.');
  }
  if (request.seller.name.trim() === '' || request.seller.address.trim() === '') {
    throw invalid('BILLING_INVOICE_SELLER', 'An invoice must name its seller and their address.');
  }
  const notes = cdrs.flatMap(({ decision, remark }) => (decision && remark ? [remark] : []));
  const total = sumAmounts(cdrs.map((cdr) => cdr.total));
  const times = cdrs.flatMap((cdr) => [cdr.start.getTime(), cdr.end.getTime()]);
  return {
    ...request,
    currency: first.currency,
    suppliedFrom: new Date(Math.min(...times)),
    suppliedTo: new Date(Math.max(...times)),
    lines: cdrs.flatMap(linesOf),
    ...taxTables(cdrs),
    total,
    ...(dueAt && total.incl.gt('0') ? { dueAt } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    credits: null,
  };
}

/**
 * Cancels an invoice, or the part that one CDR has in it, under a number of its own. Where that was in the driver's favour it asks for the money
 * until `dueAt`. Throws CONFLICT for what itself takes one back.
 */
export function creditInvoice(
  invoice: Invoice,
  {
    id,
    number,
    issuedAt,
    dueAt,
    note,
  }: Pick<Invoice, 'id' | 'number' | 'issuedAt' | 'dueAt'> & { readonly note?: string },
  part?: InvoicedCdr,
): Invoice {
  if (invoice.credits !== null) {
    throw conflict('BILLING_INVOICE_IS_CREDIT', 'A credit note cannot be credited.', {
      number: invoice.number,
    });
  }
  const { dueAt: _due, ...whole } = part ? ofPart(invoice, part) : invoice;
  return {
    ...whole,
    id,
    number,
    issuedAt,
    lines: whole.lines.map((line) => ({
      ...line,
      ...negated(line),
      quantity: line.quantity?.neg() ?? null,
    })),
    byVatRate: whole.byVatRate.map((row) => ({ ...row, ...negated(row) })),
    ...(whole.byTax
      ? { byTax: whole.byTax.map((row) => ({ ...row, base: row.base.neg(), amount: row.amount.neg() })) }
      : {}),
    total: negated(whole.total),
    ...(dueAt && whole.total.incl.lt('0') ? { dueAt } : {}),
    ...(note === undefined ? {} : { notes: [note] }),
    credits: invoice.number,
  };
}

function ofPart({ byTax: _ofAll, ...invoice }: Invoice, part: InvoicedCdr): Invoice {
  return {
    ...invoice,
    suppliedFrom: part.start,
    suppliedTo: part.end,
    lines: invoice.lines.filter(({ cdrId }) => cdrId === part.id),
    ...taxTables([part]),
    total: part.total,
  };
}

export const ADJUSTMENTS: Readonly<Record<BilledAdjustment['reason'], string>> = {
  MIN_PRICE: 'Minimum price of a session',
  MAX_PRICE: 'Maximum price of a session',
  AGREED: 'Reduction',
};

function linesOf(cdr: InvoicedCdr): InvoiceLine[] {
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
    ...(line.taxes ? { taxes: line.taxes } : {}),
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

/** A CDR that has VAT alone counts with its rates as the tax of that name, where another has several. */
function taxTables(cdrs: readonly InvoicedCdr[]): Pick<Invoice, 'byVatRate' | 'byTax'> {
  const byVatRate = mergeVatRows(cdrs.flatMap(({ price }) => price.byVatRate));
  if (cdrs.every(({ price }) => !price.byTax)) return { byVatRate };
  const rows = cdrs.flatMap(({ price }) => price.byTax ?? price.byVatRate.flatMap(vatAsTax));
  return { byVatRate, byTax: mergeTaxRows(rows) };
}

function vatAsTax({ vatPercent, excl, vat }: VatRow): TaxRow[] {
  return vatPercent === null ? [] : [{ name: VAT, percent: vatPercent, base: excl, amount: vat }];
}

/** Rows of one name and rate added up; order of first appearance. */
function mergeTaxRows(rows: readonly TaxRow[]): TaxRow[] {
  const merged = new Map<string, TaxRow>();
  for (const row of rows) {
    const key = `${row.percent.toFixed()} ${row.name}`;
    const known = merged.get(key);
    const sums = known && { base: known.base.plus(row.base), amount: known.amount.plus(row.amount) };
    merged.set(key, { ...row, ...sums });
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
