import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportDispute } from '../../usecases/report-dispute.js';

@Injectable()
export class DisputeOpenedConsumer implements EventHandler<billing.DisputeOpened> {
  readonly event = events.disputeOpened;

  constructor(private readonly report: ReportDispute) {}

  async handle(tx: Tx, payload: billing.DisputeOpened, meta: EventMeta): Promise<void> {
    await this.report.opened(tx, payload, meta);
  }
}
