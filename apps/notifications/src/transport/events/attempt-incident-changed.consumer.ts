import { Injectable } from '@nestjs/common';
import { events, type auth } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportAttempt } from '../../usecases/report-attempt.js';

@Injectable()
export class AttemptIncidentChangedConsumer implements EventHandler<auth.AttemptIncidentChanged> {
  readonly event = events.attemptIncidentChanged;
  readonly sideBySide = true;

  constructor(private readonly report: ReportAttempt) {}

  async handle(tx: Tx, payload: auth.AttemptIncidentChanged, meta: EventMeta): Promise<void> {
    await this.report.run(tx, payload, meta);
  }
}
