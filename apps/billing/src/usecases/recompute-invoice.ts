import { Injectable } from '@nestjs/common';
import { decimal, isUuid, sumDecimals, type Decimal } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { canonicalJson } from '../domain/canonical-json.js';
import { priceUnder } from '../domain/decision.js';
import { priceCourse } from '../domain/quote.js';
import { revivedDecision } from '../domain/revive.js';
import { revivedCourse } from '../domain/session-course.js';
import { findCdrs, type CdrRecord } from '../persistence/cdr.repository.js';
import { findInvoicedCdrs, findInvoices } from '../persistence/invoice.repository.js';
import { unknownInvoice } from './record-transfer.js';
import { sha256 } from './sha256.js';

export interface Recomputed {
  readonly invoiced: Decimal;
  readonly recomputed: Decimal;
  /** Every line, period and total is the same, not only the sum. */
  readonly identical: boolean;
}

/** Proves an invoice or a credit note: prices its sessions again from nothing but what is stored with the CDR. */
@Injectable()
export class RecomputeInvoice {
  constructor(private readonly database: Database) {}

  /** INTERNAL `BILLING_QUOTE_ALTERED` when the stored tariff is not the one that was quoted. */
  async run(tenant: string, invoiceId: string): Promise<Recomputed> {
    if (!isUuid(invoiceId)) throw unknownInvoice();
    const [invoice, cdrs] = await this.database.read(tenantScope(tenant), async (tx) => {
      const [found] = await findInvoices(tx, tenant, [invoiceId]);
      if (!found) throw unknownInvoice();
      const on = await findInvoicedCdrs(tx, tenant, invoiceId);
      return [found, await findCdrs(tx, tenant, on.map(({ cdrId }) => cdrId))] as const; // prettier-ignore
    });
    const proofs = cdrs.map(recomputed);
    return {
      invoiced: decimal(invoice.document.total.incl),
      recomputed: sumDecimals(proofs.map(({ total }) => total)),
      identical: cdrs.length > 0 && proofs.every(({ identical }) => identical),
    };
  }
}

function recomputed({ document, course, kind }: CdrRecord) {
  const quote = {
    id: document.quoteId,
    document: document.tariffDocument,
    tariffVersion: document.tariffVersion,
    timeZone: document.timeZone,
    hash: document.quoteHash,
  };
  const decision = document.decision && revivedDecision(document.decision);
  const full = priceCourse(quote, revivedCourse(course), sha256);
  const price = priceUnder(full, decision);
  const { incl } = price.total;
  return {
    total: kind === 'CREDIT' ? incl.neg() : incl,
    identical: canonicalJson(price) === canonicalJson(document.price),
  };
}
