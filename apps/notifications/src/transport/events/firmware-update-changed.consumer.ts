import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportStationTrouble } from '../../usecases/report-station-trouble.js';

@Injectable()
export class FirmwareUpdateChangedConsumer implements EventHandler<sessions.FirmwareUpdateChanged> {
  readonly event = events.firmwareUpdateChanged;
  readonly sideBySide = true;

  constructor(private readonly report: ReportStationTrouble) {}

  async handle(tx: Tx, payload: sessions.FirmwareUpdateChanged, meta: EventMeta): Promise<void> {
    await this.report.firmware(tx, payload, meta);
  }
}
