import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { disputedMeterAlert } from '../domain/alert-for-event.js';
import { findSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells the operators of a session that billing holds back for its meter. */
@Injectable()
export class ReportMeter {
  constructor(private readonly raise: RaiseAlert) {}

  async run(
    tx: Tx,
    { sessionId, doubts }: billing.BillingHeld,
    { tenant, occurredAt }: EventMeta,
  ): Promise<void> {
    const session = await findSession(tx, tenant, sessionId);
    await this.raise.run(tx, tenant, disputedMeterAlert(sessionId, doubts, session, occurredAt));
  }
}
