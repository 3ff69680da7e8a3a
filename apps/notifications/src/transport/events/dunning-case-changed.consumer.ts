import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportDunning } from '../../usecases/report-dunning.js';

@Injectable()
export class DunningCaseChangedConsumer implements EventHandler<billing.DunningCaseChanged> {
  readonly event = events.dunningCaseChanged;

  constructor(private readonly report: ReportDunning) {}

  async handle(tx: Tx, payload: billing.DunningCaseChanged, meta: EventMeta): Promise<void> {
    await this.report.run(tx, payload, meta);
  }
}
