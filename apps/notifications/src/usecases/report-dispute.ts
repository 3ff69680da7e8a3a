import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { disputeDecidedAlert, disputeOpenedAlert } from '../domain/alert-for-event.js';
import { findSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells the operators of an objection to an invoice, and the driver what became of it. */
@Injectable()
export class ReportDispute {
  constructor(private readonly raise: RaiseAlert) {}

  async opened(tx: Tx, dispute: billing.DisputeOpened, { tenant, occurredAt }: EventMeta): Promise<void> {
    const session = await findSession(tx, tenant, dispute.sessionId);
    await this.raise.run(tx, tenant, disputeOpenedAlert(dispute, session, occurredAt));
  }

  async decided(tx: Tx, dispute: billing.DisputeDecided, { tenant, occurredAt }: EventMeta): Promise<void> {
    const session = await findSession(tx, tenant, dispute.sessionId);
    await this.raise.run(tx, tenant, disputeDecidedAlert(dispute, session, occurredAt));
  }
}
