import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { toWire, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, type Tx } from '@kilowatch/platform';
import { periodsFromSession } from '@kilowatch/pricing';
import { issueCdr, type Cdr } from '../domain/cdr.js';
import { invoiceNumber, invoiceYear } from '../domain/invoice-number.js';
import { issueInvoice } from '../domain/invoice.js';
import { postInvoice } from '../domain/ledger.js';
import { priceUnderQuote, tariffOfQuote } from '../domain/quote.js';
import { courseOf } from '../domain/session-course.js';
import { stored } from '../domain/stored.js';
import type { StoredEnergy, StoredSnapshot } from '../persistence/billed-session.repository.js';
import { nameOfBuyer } from '../persistence/buyer.repository.js';
import { insertCdr, type CdrRecord } from '../persistence/cdr.repository.js';
import { insertInvoice, nextInvoiceSequence, type InvoiceRecord } from '../persistence/invoice.repository.js';
import { insertPosting } from '../persistence/ledger.repository.js';
import { dropRegisters } from '../persistence/live-register.repository.js';
import type { QuoteRecord } from '../persistence/quote.repository.js';
import { cdrMessage } from './cdr-message.js';
import { knownSession } from './known-session.js';
import { startOf } from './lock-session-quote.js';
import { PayInvoice } from './pay-invoice.js';
import { SELLER, type Seller } from './seller.js';
import { sha256 } from './sha256.js';

/**
 * Price, CDR, invoice, ledger and payment of one session in the caller's transaction: all of it or none. The caller
 * is alone with the tenant's sessions and has made sure that there is no CDR yet.
 */
@Injectable()
export class BillSession {
  constructor(
    private readonly payInvoice: PayInvoice,
    @Inject(SELLER) private readonly seller: Seller,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(
    tx: Tx,
    tenant: string,
    snapshot: StoredSnapshot,
    energy: StoredEnergy,
    quote: QuoteRecord,
  ): Promise<void> {
    const { sessionId, accountId } = snapshot;
    const issuedAt = this.clock.now();
    const startedAt = startOf(snapshot, this.clock);
    const { idleGraceMinutes } = tariffOfQuote(quote, sha256);
    const until = snapshot.endedAt ? new Date(snapshot.endedAt) : issuedAt;
    const course = courseOf({ ...knownSession(snapshot, energy), startedAt, until, idleGraceMinutes });
    const price = priceUnderQuote(quote, periodsFromSession(course), sha256);
    const cdr = issueCdr({ id: this.ids.newId(), sessionId, issuedAt, quote, price });
    // Nothing to pay, or nobody we could send it to (roaming, unknown): a record of the session only.
    const invoice =
      accountId === '' || cdr.total.incl.eq('0')
        ? undefined
        : await this.makeInvoice(tx, tenant, accountId, cdr);
    const record: CdrRecord = {
      tenant,
      id: cdr.id,
      sessionId,
      accountId,
      issuedAt,
      document: stored(cdr),
      course: stored(course),
      snapshot,
      invoiceNumber: invoice?.number,
    };
    await Promise.all([insertCdr(tx, tenant, record), dropRegisters(tx, tenant, snapshot)]);
    tx.publish(events.cdrIssued, {
      aggregateId: cdr.id,
      aggregateVersion: 1,
      occurredAt: issuedAt,
      payload: { cdr: cdrMessage(record) },
    });
    if (invoice) {
      this.announce(tx, invoice);
      await this.payInvoice.fromWallet(tx, invoice);
    }
    tx.live('session', sessionId);
    tx.afterCommit(() => counter('kw_cdrs_total').inc({ outcome: invoice ? 'invoiced' : 'not_invoiced' }));
  }

  private async makeInvoice(tx: Tx, tenant: string, accountId: string, cdr: Cdr): Promise<InvoiceRecord> {
    const { issuedAt, sessionId } = cdr;
    const { party: seller, series, timeZone } = this.seller;
    const year = invoiceYear(issuedAt, timeZone);
    const [sequence, name = accountId] = await Promise.all([
      nextInvoiceSequence(tx, tenant, { series, year, cdrId: cdr.id }),
      nameOfBuyer(tx, tenant, accountId),
    ]);
    const number = invoiceNumber(series, year, sequence!);
    const buyer = { name, address: '', country: '' };
    const id = this.ids.newId();
    const invoice = issueInvoice({ id, number, issuedAt, accountId, seller, buyer, cdrs: [cdr] });
    const record: InvoiceRecord = {
      tenant,
      id,
      number,
      accountId,
      sessionId,
      cdrId: cdr.id,
      issuedAt,
      currency: invoice.currency,
      totalIncl: invoice.total.incl,
      document: stored(invoice),
      status: 'OPEN',
      paidAt: undefined,
      paymentMethod: undefined,
    };
    await Promise.all([
      insertInvoice(tx, tenant, record),
      insertPosting(tx, tenant, postInvoice(invoice, { id: this.ids.newId(), postedAt: issuedAt })),
    ]);
    return record;
  }

  private announce(tx: Tx, invoice: InvoiceRecord): void {
    tx.publish(events.invoiceIssued, {
      aggregateId: invoice.id,
      aggregateVersion: 1,
      occurredAt: invoice.issuedAt,
      payload: {
        invoiceId: invoice.id,
        number: invoice.number,
        accountId: invoice.accountId,
        sessionId: invoice.sessionId,
        total: toWire({ amount: invoice.totalIncl, currency: invoice.currency }),
        issuedAt: invoice.issuedAt,
      },
    });
  }
}
