import { Injectable } from '@nestjs/common';
import { decimal, isUuid, type Decimal } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { periodsFromSession } from '@kilowatch/pricing';
import { canonicalJson } from '../domain/canonical-json.js';
import { priceUnderQuote } from '../domain/quote.js';
import { revivedCourse } from '../domain/session-course.js';
import { findCdrsOfSessions } from '../persistence/cdr.repository.js';
import { findInvoices } from '../persistence/invoice.repository.js';
import { unknownInvoice } from './record-transfer.js';
import { sha256 } from './sha256.js';

export interface Recomputed {
  readonly invoiced: Decimal;
  readonly recomputed: Decimal;
  /** Every line, period and total is the same, not only the sum. */
  readonly identical: boolean;
}

/** Proves an invoice: prices its session again from nothing but what is stored with the CDR. */
@Injectable()
export class RecomputeInvoice {
  constructor(private readonly database: Database) {}

  /** INTERNAL `BILLING_QUOTE_ALTERED` when the stored tariff is not the one that was quoted. */
  async run(tenant: string, invoiceId: string): Promise<Recomputed> {
    if (!isUuid(invoiceId)) throw unknownInvoice();
    const [invoice, cdr] = await this.database.read(tenantScope(tenant), async (tx) => {
      const [found] = await findInvoices(tx, tenant, [invoiceId]);
      if (!found) throw unknownInvoice();
      return [found, (await findCdrsOfSessions(tx, tenant, [found.sessionId]))[0]!] as const;
    });
    const { document } = cdr;
    const quote = {
      id: document.quoteId,
      document: document.tariffDocument,
      tariffVersion: document.tariffVersion,
      timeZone: document.timeZone,
      hash: document.quoteHash,
    };
    const price = priceUnderQuote(quote, periodsFromSession(revivedCourse(cdr.course)), sha256);
    return {
      invoiced: decimal(invoice.document.total.incl),
      recomputed: price.total.incl,
      identical: canonicalJson(price) === canonicalJson(document.price),
    };
  }
}
