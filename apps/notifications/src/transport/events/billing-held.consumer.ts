import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportMeter } from '../../usecases/report-meter.js';

@Injectable()
export class BillingHeldConsumer implements EventHandler<billing.BillingHeld> {
  readonly event = events.billingHeld;
  readonly sideBySide = true;

  constructor(private readonly report: ReportMeter) {}

  async handle(tx: Tx, payload: billing.BillingHeld, meta: EventMeta): Promise<void> {
    if (payload.reason === 'energy_disputed') await this.report.run(tx, payload, meta);
  }
}
