import { Injectable } from '@nestjs/common';
import type { billing, common } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { moneyLowAlert, moneyUsedUpAlert } from '../domain/money-alert.js';
import { findSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells a driver that the money of a running session comes to an end, and that it is stopped for it. */
@Injectable()
export class ReportMoney {
  constructor(private readonly raise: RaiseAlert) {}

  async low(tx: Tx, told: billing.SessionMoneyLow, meta: EventMeta): Promise<void> {
    const session = await findSession(tx, meta.tenant, told.sessionId);
    const alert = moneyLowAlert(moneyOf(told, meta), told.usedUpAt, session, meta.occurredAt);
    await this.raise.run(tx, meta.tenant, alert);
  }

  async usedUp(tx: Tx, told: billing.SessionMoneyUsedUp, meta: EventMeta): Promise<void> {
    const session = await findSession(tx, meta.tenant, told.sessionId);
    await this.raise.run(tx, meta.tenant, moneyUsedUpAlert(moneyOf(told, meta), session, meta.occurredAt));
  }
}

function moneyOf(
  told: {
    readonly sessionId: string;
    readonly accountId: string;
    readonly kind: string;
    readonly limit?: common.Money | undefined;
  },
  { aggregateVersion: version }: EventMeta,
) {
  const { sessionId, accountId, kind, limit } = told;
  return {
    sessionId,
    accountId,
    kind,
    version,
    amount: limit?.amount ?? '',
    currency: limit?.currency ?? '',
  };
}
