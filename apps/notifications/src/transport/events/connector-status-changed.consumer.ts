import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportFault } from '../../usecases/report-fault.js';

@Injectable()
export class ConnectorStatusChangedConsumer implements EventHandler<sessions.ConnectorStatusChanged> {
  readonly event = events.connectorStatusChanged;
  readonly sideBySide = true;

  constructor(private readonly report: ReportFault) {}

  async handle(tx: Tx, payload: sessions.ConnectorStatusChanged, meta: EventMeta): Promise<void> {
    await this.report.run(tx, payload, meta);
  }
}
