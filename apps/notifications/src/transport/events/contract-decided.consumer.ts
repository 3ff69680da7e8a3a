import { Injectable } from '@nestjs/common';
import { events, type auth } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ReportContract } from '../../usecases/report-contract.js';

@Injectable()
export class ContractDecidedConsumer implements EventHandler<auth.ContractDecided> {
  readonly event = events.contractDecided;

  constructor(private readonly report: ReportContract) {}

  async handle(tx: Tx, payload: auth.ContractDecided, meta: EventMeta): Promise<void> {
    await this.report.run(tx, payload, meta);
  }
}
