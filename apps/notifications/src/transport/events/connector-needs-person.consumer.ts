import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportStationTrouble } from '../../usecases/report-station-trouble.js';

@Injectable()
export class ConnectorNeedsPersonConsumer implements EventHandler<sessions.ConnectorNeedsPerson> {
  readonly event = events.connectorNeedsPerson;
  readonly sideBySide = true;

  constructor(private readonly report: ReportStationTrouble) {}

  async handle(tx: Tx, payload: sessions.ConnectorNeedsPerson, meta: EventMeta): Promise<void> {
    await this.report.stuck(tx, payload, meta);
  }
}
