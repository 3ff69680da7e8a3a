import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { toWire, ZERO, type IdSource } from '@kilowatch/kernel';
import { IDS, type Tx } from '@kilowatch/platform';
import type { Cdr } from '../domain/cdr.js';
import { invoiceNumber, invoiceYear } from '../domain/invoice-number.js';
import { creditInvoice, issueInvoice, type Invoice } from '../domain/invoice.js';
import { postInvoice } from '../domain/ledger.js';
import { revivedInvoice } from '../domain/revive.js';
import { stored } from '../domain/stored.js';
import { nameOfBuyer } from '../persistence/buyer.repository.js';
import { insertInvoice, nextInvoiceSequence, type InvoiceRecord } from '../persistence/invoice.repository.js';
import { insertPosting } from '../persistence/ledger.repository.js';
import { SELLER, type Seller } from './seller.js';

/** Whose document it is and what it came from. */
interface Origin {
  readonly tenant: string;
  readonly sessionId: string;
  readonly cdrId: string;
  readonly issuedAt: Date;
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

  async invoice(tx: Tx, tenant: string, accountId: string, cdr: Cdr): Promise<InvoiceRecord> {
    const { issuedAt, sessionId, id: cdrId } = cdr;
    const origin = { tenant, sessionId, cdrId, issuedAt };
    const [number, name = accountId] = await Promise.all([
      this.nextNumber(tx, this.seller.series, origin),
      nameOfBuyer(tx, tenant, accountId),
    ]);
    const buyer = { name, address: '', country: '' };
    const id = this.ids.newId();
    const { party: seller } = this.seller;
    const invoice = issueInvoice({ id, number, issuedAt, accountId, seller, buyer, cdrs: [cdr] });
    const record = await this.keep(tx, origin, invoice, undefined);
    tx.publish(events.invoiceIssued, {
      aggregateId: id,
      aggregateVersion: 1,
      occurredAt: issuedAt,
      payload: {
        invoiceId: id,
        number,
        accountId,
        sessionId,
        total: toWire({ amount: record.totalIncl, currency: record.currency }),
        issuedAt,
      },
    });
    return record;
  }

  /** Cancels an invoice completely, under a number of the credit notes' own series. */
  async creditNote(
    tx: Tx,
    original: InvoiceRecord,
    cdr: { readonly id: string; readonly issuedAt: Date },
    note: string,
  ): Promise<InvoiceRecord> {
    const { tenant, sessionId, accountId, currency } = original;
    const { issuedAt } = cdr;
    const origin = { tenant, sessionId, cdrId: cdr.id, issuedAt };
    const number = await this.nextNumber(tx, this.seller.creditSeries, origin);
    const id = this.ids.newId();
    const document = creditInvoice(revivedInvoice(original.document), { id, number, issuedAt, note });
    const record = await this.keep(tx, origin, document, original.id);
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

  private async nextNumber(tx: Tx, series: string, { tenant, cdrId, issuedAt }: Origin): Promise<string> {
    const year = invoiceYear(issuedAt, this.seller.timeZone);
    return invoiceNumber(series, year, (await nextInvoiceSequence(tx, tenant, { series, year, cdrId }))!);
  }

  private async keep(
    tx: Tx,
    { tenant, sessionId, cdrId, issuedAt }: Origin,
    document: Invoice,
    creditsId: string | undefined,
  ): Promise<InvoiceRecord> {
    const { id, number, accountId, currency, total } = document;
    const record: InvoiceRecord = {
      tenant,
      id,
      number,
      kind: creditsId === undefined ? 'INVOICE' : 'CREDIT_NOTE',
      creditsId,
      accountId,
      sessionId,
      cdrId,
      issuedAt,
      currency,
      totalIncl: total.incl,
      document: stored(document),
      status: 'OPEN',
      paidAt: undefined,
      paymentMethod: undefined,
      cardPaid: ZERO,
    };
    await Promise.all([
      insertInvoice(tx, tenant, record),
      insertPosting(tx, tenant, postInvoice(document, { id: this.ids.newId(), postedAt: issuedAt })),
    ]);
    return record;
  }
}
