import { Injectable } from '@nestjs/common';
import { events, type insights } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportAnomaly } from '../../usecases/report-anomaly.js';

@Injectable()
export class AnomalyDetectedConsumer implements EventHandler<insights.AnomalyDetected> {
  readonly event = events.anomalyDetected;
  readonly sideBySide = true;

  constructor(private readonly report: ReportAnomaly) {}

  async handle(tx: Tx, payload: insights.AnomalyDetected, meta: EventMeta): Promise<void> {
    await this.report.run(tx, payload, meta);
  }
}
