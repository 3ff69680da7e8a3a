import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportHeldBill } from '../../usecases/report-held-bill.js';

@Injectable()
export class BillingHeldConsumer implements EventHandler<billing.BillingHeld> {
  readonly event = events.billingHeld;
  readonly sideBySide = true;

  constructor(private readonly report: ReportHeldBill) {}

  handle(tx: Tx, payload: billing.BillingHeld, meta: EventMeta): Promise<void> {
    return this.report.run(tx, payload, meta);
  }
}
