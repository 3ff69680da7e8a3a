import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportStationTrouble } from '../../usecases/report-station-trouble.js';

@Injectable()
export class SecurityEventRecordedConsumer implements EventHandler<sessions.SecurityEventRecorded> {
  readonly event = events.securityEventRecorded;
  readonly sideBySide = true;

  constructor(private readonly report: ReportStationTrouble) {}

  async handle(tx: Tx, payload: sessions.SecurityEventRecorded, meta: EventMeta): Promise<void> {
    await this.report.security(tx, payload, meta);
  }
}
