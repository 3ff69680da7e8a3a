import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportDispute } from '../../usecases/report-dispute.js';

@Injectable()
export class DisputeDecidedConsumer implements EventHandler<billing.DisputeDecided> {
  readonly event = events.disputeDecided;

  constructor(private readonly report: ReportDispute) {}

  async handle(tx: Tx, payload: billing.DisputeDecided, meta: EventMeta): Promise<void> {
    await this.report.decided(tx, payload, meta);
  }
}
