import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { missingPricesAlert } from '../domain/alert-for-event.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells the operators of market prices that did not come. */
@Injectable()
export class ReportPrices {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, feed: billing.PriceFeedMissing, { tenant, occurredAt }: EventMeta): Promise<void> {
    await this.raise.run(tx, tenant, missingPricesAlert(feed, occurredAt));
  }
}
