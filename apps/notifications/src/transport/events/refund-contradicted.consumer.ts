import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportRefund } from '../../usecases/report-refund.js';

@Injectable()
export class RefundContradictedConsumer implements EventHandler<billing.RefundContradicted> {
  readonly event = events.refundContradicted;

  constructor(private readonly report: ReportRefund) {}

  handle(tx: Tx, payload: billing.RefundContradicted, meta: EventMeta): Promise<void> {
    return this.report.run(tx, payload, meta);
  }
}
