import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportChargeback } from '../../usecases/report-chargeback.js';

@Injectable()
export class ChargebackChangedConsumer implements EventHandler<billing.ChargebackChanged> {
  readonly event = events.chargebackChanged;

  constructor(private readonly report: ReportChargeback) {}

  async handle(tx: Tx, payload: billing.ChargebackChanged, meta: EventMeta): Promise<void> {
    await this.report.run(tx, payload, meta);
  }
}
