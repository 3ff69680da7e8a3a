import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportCard } from '../../usecases/report-card.js';

@Injectable()
export class PaymentChangedConsumer implements EventHandler<billing.PaymentChanged> {
  readonly event = events.paymentChanged;

  constructor(private readonly report: ReportCard) {}

  async handle(tx: Tx, payload: billing.PaymentChanged, meta: EventMeta): Promise<void> {
    await this.report.run(tx, payload, meta);
  }
}
