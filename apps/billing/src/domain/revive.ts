/** Stored documents as the domain computes with them again. */
import { decimal, mwh, type Decimal } from '@kilowatch/kernel';
import type { Amount, Tax, TaxRow, VatRow } from '@kilowatch/pricing';
import type { BillDecision } from './decision.js';
import type { Cdr } from './cdr.js';
import type { Invoice, InvoicedCdr } from './invoice.js';
import type { Stored } from './stored.js';

export function revivedAmount({ excl, vat, incl }: Stored<Amount>): Amount {
  return { excl: decimal(excl), vat: decimal(vat), incl: decimal(incl) };
}

export function revivedInvoice({ byTax, dueAt, ...invoice }: Stored<Invoice>): Invoice {
  return {
    ...invoice,
    ...(dueAt === undefined ? {} : { dueAt: new Date(dueAt) }),
    issuedAt: new Date(invoice.issuedAt),
    suppliedFrom: new Date(invoice.suppliedFrom),
    suppliedTo: new Date(invoice.suppliedTo),
    lines: invoice.lines.map(({ taxes, ...line }) => ({
      ...line,
      ...revivedAmount(line),
      quantity: orNull(line.quantity),
      unitPrice: orNull(line.unitPrice),
      vatPercent: orNull(line.vatPercent),
      ...(taxes ? { taxes: taxes.map(revivedTax) } : {}),
    })),
    byVatRate: invoice.byVatRate.map(revivedRate),
    ...revivedTaxes({ byTax }),
    total: revivedAmount(invoice.total),
  };
}

/** What of a stored CDR an invoice, or a credit note over its part of one, is made of. */
export function revivedCdr(cdr: Stored<Cdr>): InvoicedCdr {
  const { id, sessionId, currency, start, end, credit, remark, decision, price } = cdr;
  return {
    ...{ id, sessionId, currency, credit, remark },
    start: new Date(start),
    end: new Date(end),
    total: revivedAmount(cdr.total),
    ...(decision ? { decision: revivedDecision(decision) } : {}),
    price: {
      lines: price.lines.map(revivedLine),
      adjustment: price.adjustment && { ...revivedAmount(price.adjustment), reason: price.adjustment.reason },
      total: revivedAmount(price.total),
      byVatRate: price.byVatRate.map(revivedRate),
      ...revivedTaxes(price),
    },
  };
}

function revivedLine(line: Stored<InvoicedCdr['price']['lines'][number]>) {
  const { dimension, unit, explanation, taxes } = line;
  return {
    ...{ dimension, unit, explanation },
    ...revivedAmount(line),
    quantity: decimal(line.quantity),
    unitPrice: decimal(line.unitPrice),
    vatPercent: orNull(line.vatPercent),
    ...(taxes ? { taxes: taxes.map(revivedTax) } : {}),
  };
}

function revivedRate(row: Stored<VatRow>): VatRow {
  return { ...revivedAmount(row), vatPercent: orNull(row.vatPercent) };
}

const revivedTax = ({ name, percent }: Stored<Tax>): Tax => ({ name, percent: decimal(percent) });

/** Absent in what has VAT alone, and in all that was stored before there were others. */
function revivedTaxes({ byTax }: { readonly byTax?: readonly Stored<TaxRow>[] | undefined }) {
  if (!byTax) return {};
  const rows = byTax.map((row) => ({
    ...revivedTax(row),
    base: decimal(row.base),
    amount: decimal(row.amount),
  }));
  return { byTax: rows };
}

export function revivedDecision(decision: Stored<BillDecision>): BillDecision {
  return {
    ...decision,
    energyMwh: decision.energyMwh === null ? null : mwh(decision.energyMwh),
    inclVat: orNull(decision.inclVat),
    decidedAt: new Date(decision.decidedAt),
  };
}

function orNull(value: string | null): Decimal | null {
  return value === null ? null : decimal(value);
}
