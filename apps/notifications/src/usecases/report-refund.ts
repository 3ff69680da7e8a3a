import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { refundAlert } from '../domain/refund-alert.js';
import { findSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells the operators of a refund of which the payment provider tells what the books do not say. */
@Injectable()
export class ReportRefund {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, told: billing.RefundContradicted, { tenant, occurredAt }: EventMeta): Promise<void> {
    const session = told.sessionId ? await findSession(tx, tenant, told.sessionId) : undefined;
    const { amount, currency } = told.amount ?? { amount: '', currency: '' };
    await this.raise.run(tx, tenant, refundAlert({ ...told, amount, currency }, session, occurredAt));
  }
}
