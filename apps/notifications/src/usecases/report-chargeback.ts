import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { chargebackAlerts } from '../domain/chargeback-alert.js';
import { findSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells of card payments that banks take back. */
@Injectable()
export class ReportChargeback {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, told: billing.ChargebackChanged, meta: EventMeta): Promise<void> {
    const session = told.sessionId ? await findSession(tx, meta.tenant, told.sessionId) : undefined;
    const news = {
      ...told,
      amount: told.amount?.amount ?? '0',
      currency: told.amount?.currency ?? '',
      owed: told.owed?.amount ?? '0',
      evidenceDueAt: told.evidenceDueAt,
      version: meta.aggregateVersion,
    };
    for (const alert of chargebackAlerts(news, session, meta.occurredAt)) {
      await this.raise.run(tx, meta.tenant, alert);
    }
  }
}
