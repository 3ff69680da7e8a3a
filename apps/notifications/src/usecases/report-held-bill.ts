import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { heldBillAlert } from '../domain/held-bill-alert.js';
import { findSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells the operators of a session that billing holds back for its meter, or whose bill may be another driver's. */
@Injectable()
export class ReportHeldBill {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, held: billing.BillingHeld, { tenant, occurredAt }: EventMeta): Promise<void> {
    const session = await findSession(tx, tenant, held.sessionId);
    await this.raise.run(tx, tenant, heldBillAlert(held, session, occurredAt));
  }
}
