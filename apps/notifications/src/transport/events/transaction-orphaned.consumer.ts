import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportStationTrouble } from '../../usecases/report-station-trouble.js';

@Injectable()
export class TransactionOrphanedConsumer implements EventHandler<sessions.TransactionOrphaned> {
  readonly event = events.transactionOrphaned;
  readonly sideBySide = true;

  constructor(private readonly report: ReportStationTrouble) {}

  async handle(tx: Tx, payload: sessions.TransactionOrphaned, meta: EventMeta): Promise<void> {
    await this.report.orphan(tx, payload, meta);
  }
}
