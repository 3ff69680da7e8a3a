import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportPrices } from '../../usecases/report-prices.js';

@Injectable()
export class PriceFeedMissingConsumer implements EventHandler<billing.PriceFeedMissing> {
  readonly event = events.priceFeedMissing;

  constructor(private readonly report: ReportPrices) {}

  async handle(tx: Tx, payload: billing.PriceFeedMissing, meta: EventMeta): Promise<void> {
    await this.report.run(tx, payload, meta);
  }
}
