import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { decimal, sumDecimals, toWire, ZERO, type IdSource } from '@kilowatch/kernel';
import { IDS, type Tx } from '@kilowatch/platform';
import type { CalendarMonth } from '../domain/calendar-month.js';
import type { Cdr } from '../domain/cdr.js';
import { overdueFrom } from '../domain/due-date.js';
import { invoiceNumber, invoiceYear } from '../domain/invoice-number.js';
import {
  creditInvoice,
  issueInvoice,
  type Invoice,
  type InvoicedCdr as CdrToInvoice,
} from '../domain/invoice.js';
import { USUAL_TERMS } from '../domain/payment-terms.js';
import { postInvoice } from '../domain/ledger.js';
import { revivedInvoice, revivedCdr } from '../domain/revive.js';
import { stored, type Stored } from '../domain/stored.js';
import { nameOfBuyer } from '../persistence/buyer.repository.js';
import {
  insertInvoice,
  nextInvoiceSequence,
  type InvoicedCdr,
  type InvoiceRecord,
  type NewInvoice,
} from '../persistence/invoice.repository.js';
import { agreedTerms } from '../persistence/payment-terms.repository.js';
import { insertPosting } from '../persistence/ledger.repository.js';
import { SELLER, type Seller } from './seller.js';
import { unsettledBills } from './unsettled-bills.js';

/** Whose document it is and what it came from. */
interface Origin {
  readonly tenant: string;
  readonly issuedAt: Date;
  readonly cdrs: readonly InvoicedCdr[];
  /** Of a credit note. */
  readonly creditsId?: string;
}

/** What an invoice is made of: one session, or those of a month. */
export interface InvoiceOrder {
  readonly tenant: string;
  readonly accountId: string;
  readonly issuedAt: Date;
  readonly cdrs: readonly [CdrToInvoice, ...CdrToInvoice[]];
  /** Of a collective invoice. */
  readonly month?: CalendarMonth;
}

/**
 * Invoices and credit notes with number, booking and event, in the caller's transaction. The row of the number's series stays locked
 * until that commits: the caller is alone with the tenant's sessions (`lockSettling`).
 */
@Injectable()
export class MakeInvoice {
  constructor(
    @Inject(SELLER) private readonly seller: Seller,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async invoice(tx: Tx, order: InvoiceOrder): Promise<InvoiceRecord> {
    const { tenant, accountId, issuedAt, cdrs, month } = order;
    const origin = { tenant, issuedAt, cdrs: cdrs.map(({ id, sessionId }) => ({ cdrId: id, sessionId })) };
    const inFavour = sumDecimals(cdrs.map(({ total }) => total.incl)).lt('0');
    const [number, name = accountId, dueAt] = await Promise.all([
      this.nextNumber(tx, this.seriesOf(inFavour), origin),
      nameOfBuyer(tx, tenant, accountId),
      this.dueFor(tx, tenant, accountId, issuedAt),
    ]);
    const buyer = { name, address: '', country: '' };
    const id = this.ids.newId();
    const { party: seller } = this.seller;
    const collective = month === undefined ? {} : { month };
    const invoice = issueInvoice({
      id,
      number,
      issuedAt,
      accountId,
      seller,
      buyer,
      cdrs,
      dueAt,
      ...collective,
    });
    const record = await this.keep(tx, origin, invoice);
    announce(tx, record, cdrs.length);
    return record;
  }

  /**
   * Cancels what a CDR has in an invoice; the caller credits the CDR. What that was in the driver's favour is asked for by an invoice, anything
   * else given back by a credit note: each has a number of its own series.
   */
  async creditNote(
    tx: Tx,
    original: InvoiceRecord,
    {
      credited,
      credit,
      note,
    }: {
      readonly credited: Stored<Cdr>;
      readonly credit: Pick<Cdr, 'id' | 'issuedAt'>;
      readonly note: string;
    },
  ): Promise<InvoiceRecord> {
    const { tenant, accountId, currency } = original;
    const { issuedAt } = credit;
    const { sessionId } = credited;
    const origin = { tenant, issuedAt, cdrs: [{ cdrId: credit.id, sessionId }], creditsId: original.id };
    const asks = decimal(credited.total.incl).lt('0');
    const [number, dueAt] = await Promise.all([
      this.nextNumber(tx, this.seriesOf(!asks), origin),
      asks ? this.dueFor(tx, tenant, accountId, issuedAt) : undefined,
    ]);
    const id = this.ids.newId();
    const document = creditInvoice(
      revivedInvoice(original.document),
      { id, number, issuedAt, note, ...(dueAt ? { dueAt } : {}) },
      revivedCdr(credited),
    );
    const record = await this.keep(tx, origin, document);
    if (asks) {
      announce(tx, record, 1);
      return record;
    }
    tx.publish(events.creditNoteIssued, {
      aggregateId: id,
      aggregateVersion: 1,
      occurredAt: issuedAt,
      payload: {
        creditNoteId: id,
        number,
        accountId,
        sessionId,
        total: toWire({ amount: record.totalIncl, currency }),
        issuedAt,
        invoiceId: original.id,
        invoiceNumber: original.number,
      },
    });
    return record;
  }

  private seriesOf(isCreditNote: boolean): string {
    return isCreditNote ? this.seller.creditSeries : this.seller.series;
  }

  private async dueFor(tx: Tx, tenant: string, accountId: string, issuedAt: Date): Promise<Date> {
    const { daysToPay } = (await agreedTerms(tx, tenant, accountId)) ?? USUAL_TERMS;
    return overdueFrom(issuedAt, daysToPay, this.seller.timeZone);
  }

  private async nextNumber(tx: Tx, series: string, { tenant, cdrs, issuedAt }: Origin): Promise<string> {
    const year = invoiceYear(issuedAt, this.seller.timeZone);
    const { cdrId } = cdrs[0]!;
    return invoiceNumber(series, year, (await nextInvoiceSequence(tx, tenant, { series, year, cdrId }))!);
  }

  private async keep(tx: Tx, origin: Origin, document: Invoice): Promise<InvoiceRecord> {
    const { tenant, issuedAt, cdrs, creditsId } = origin;
    const { id, number, accountId, currency, total, month } = document;
    const record: NewInvoice = {
      tenant,
      id,
      number,
      kind: creditsId === undefined ? 'INVOICE' : 'CREDIT_NOTE',
      creditsId,
      accountId,
      // A month with one session is a collective invoice, too: what follows may not hang on the number.
      sessionId: month === undefined || creditsId !== undefined ? cdrs[0]!.sessionId : undefined,
      issuedAt,
      currency,
      totalIncl: total.incl,
      creditedIncl: ZERO,
      document: stored(document),
      dueAt: document.dueAt,
      status: 'OPEN',
      paidAt: undefined,
      paymentMethod: undefined,
      cardPaid: ZERO,
      transferPaid: ZERO,
      writtenOff: ZERO,
      inDunning: false,
      reopened: 0,
      cdrs,
    };
    unsettledBills(tx).add(id);
    const posting = postInvoice(document, { id: this.ids.newId(), postedAt: issuedAt });
    await Promise.all([
      insertInvoice(tx, tenant, record),
      // A month whose sessions cancel each other out moves nothing.
      posting.entries.length > 0 ? insertPosting(tx, tenant, posting) : undefined,
    ]);
    return record;
  }
}

function announce(tx: Tx, record: InvoiceRecord, sessionCount: number): void {
  const {
    id: invoiceId,
    number,
    accountId,
    sessionId = '',
    issuedAt,
    totalIncl,
    currency,
    document,
  } = record;
  tx.publish(events.invoiceIssued, {
    aggregateId: invoiceId,
    aggregateVersion: 1,
    occurredAt: issuedAt,
    payload: {
      invoiceId,
      number,
      accountId,
      sessionId,
      total: toWire({ amount: totalIncl, currency }),
      issuedAt,
      sessionCount,
      month: sessionId === '' ? (document.month ?? '') : '',
    },
  });
}
