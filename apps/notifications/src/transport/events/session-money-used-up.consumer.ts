import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportMoney } from '../../usecases/report-money.js';

@Injectable()
export class SessionMoneyUsedUpConsumer implements EventHandler<billing.SessionMoneyUsedUp> {
  readonly event = events.sessionMoneyUsedUp;

  constructor(private readonly report: ReportMoney) {}

  async handle(tx: Tx, payload: billing.SessionMoneyUsedUp, meta: EventMeta): Promise<void> {
    await this.report.usedUp(tx, payload, meta);
  }
}
