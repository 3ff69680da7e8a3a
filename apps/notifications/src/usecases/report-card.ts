import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { cardAlert } from '../domain/card-alert.js';
import { findSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells a driver that their card was declined. */
@Injectable()
export class ReportCard {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, told: billing.PaymentChanged, meta: EventMeta): Promise<void> {
    const session = told.sessionId ? await findSession(tx, meta.tenant, told.sessionId) : undefined;
    const { amount, currency } = told.amount ?? { amount: '', currency: '' };
    await this.raise.run(tx, meta.tenant, cardAlert({ ...told, amount, currency }, session, meta.occurredAt));
  }
}
