import { Injectable } from '@nestjs/common';
import { events, metering } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportMeter } from '../../usecases/report-meter.js';

@Injectable()
export class SessionMeteredConsumer implements EventHandler<metering.SessionMetered> {
  readonly event = events.sessionMetered;
  readonly sideBySide = true;

  constructor(private readonly report: ReportMeter) {}

  async handle(tx: Tx, payload: metering.SessionMetered, meta: EventMeta): Promise<void> {
    if (payload.verdict === metering.EnergyVerdict.ENERGY_VERDICT_DISPUTED)
      await this.report.run(tx, payload, meta);
  }
}
