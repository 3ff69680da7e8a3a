import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportInvoice } from '../../usecases/report-invoice.js';

@Injectable()
export class CreditNoteIssuedConsumer implements EventHandler<billing.CreditNoteIssued> {
  readonly event = events.creditNoteIssued;

  constructor(private readonly report: ReportInvoice) {}

  async handle(tx: Tx, payload: billing.CreditNoteIssued, meta: EventMeta): Promise<void> {
    await this.report.credited(tx, payload, meta);
  }
}
