import { Injectable } from '@nestjs/common';
import type { auth } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { contractAlert } from '../domain/contract-alert.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells a driver what an operator decided about their contract. */
@Injectable()
export class ReportContract {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, told: auth.ContractDecided, meta: EventMeta): Promise<void> {
    const { tenant, aggregateId: id, aggregateVersion: version, occurredAt: at } = meta;
    await this.raise.run(tx, tenant, contractAlert(told, { id, version, at }));
  }
}
