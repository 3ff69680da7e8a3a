/** Stored documents as the domain computes with them again. */
import { decimal, mwh, type Decimal } from '@kilowatch/kernel';
import type { Amount } from '@kilowatch/pricing';
import type { BillDecision } from './decision.js';
import type { Invoice } from './invoice.js';
import type { Stored } from './stored.js';

export function revivedAmount({ excl, vat, incl }: Stored<Amount>): Amount {
  return { excl: decimal(excl), vat: decimal(vat), incl: decimal(incl) };
}

export function revivedInvoice(invoice: Stored<Invoice>): Invoice {
  return {
    ...invoice,
    issuedAt: new Date(invoice.issuedAt),
    suppliedFrom: new Date(invoice.suppliedFrom),
    suppliedTo: new Date(invoice.suppliedTo),
    lines: invoice.lines.map((line) => ({
      ...line,
      ...revivedAmount(line),
      quantity: orNull(line.quantity),
      unitPrice: orNull(line.unitPrice),
      vatPercent: orNull(line.vatPercent),
    })),
    byVatRate: invoice.byVatRate.map((row) => ({
      ...revivedAmount(row),
      vatPercent: orNull(row.vatPercent),
    })),
    total: revivedAmount(invoice.total),
  };
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
