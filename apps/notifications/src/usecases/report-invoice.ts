import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { creditAlert, invoiceAlert } from '../domain/alert-for-event.js';
import { findSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells a driver that the invoice is there, or that it was taken back. */
@Injectable()
export class ReportInvoice {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, invoice: billing.InvoiceIssued, meta: EventMeta): Promise<void> {
    const { invoiceId, number, accountId, sessionId, month, total } = invoice;
    const session = sessionId ? await findSession(tx, meta.tenant, sessionId) : undefined;
    const about = {
      invoiceId,
      number,
      accountId,
      sessionId,
      month,
      amount: total?.amount ?? '',
      currency: total?.currency ?? '',
    };
    await this.raise.run(tx, meta.tenant, invoiceAlert(about, session, invoice.issuedAt ?? meta.occurredAt));
  }

  async credited(tx: Tx, credit: billing.CreditNoteIssued, meta: EventMeta): Promise<void> {
    const { creditNoteId, number, invoiceNumber, accountId, sessionId, total } = credit;
    const session = sessionId ? await findSession(tx, meta.tenant, sessionId) : undefined;
    const about = {
      ...{ creditNoteId, number, invoiceNumber, accountId, sessionId },
      amount: (total?.amount ?? '').replace(/^-/, ''),
      currency: total?.currency ?? '',
    };
    await this.raise.run(tx, meta.tenant, creditAlert(about, session, credit.issuedAt ?? meta.occurredAt));
  }
}
