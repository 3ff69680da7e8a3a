import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportInvoice } from '../../usecases/report-invoice.js';

@Injectable()
export class InvoiceIssuedConsumer implements EventHandler<billing.InvoiceIssued> {
  readonly event = events.invoiceIssued;
  readonly sideBySide = true;

  constructor(private readonly report: ReportInvoice) {}

  async handle(tx: Tx, payload: billing.InvoiceIssued, meta: EventMeta): Promise<void> {
    await this.report.run(tx, payload, meta);
  }
}
