import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportMoney } from '../../usecases/report-money.js';

@Injectable()
export class SessionMoneyLowConsumer implements EventHandler<billing.SessionMoneyLow> {
  readonly event = events.sessionMoneyLow;

  constructor(private readonly report: ReportMoney) {}

  async handle(tx: Tx, payload: billing.SessionMoneyLow, meta: EventMeta): Promise<void> {
    await this.report.low(tx, payload, meta);
  }
}
