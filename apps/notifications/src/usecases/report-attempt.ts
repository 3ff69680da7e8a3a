import { Injectable } from '@nestjs/common';
import type { auth } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { attemptAlert } from '../domain/alert-for-event.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells the operators that somebody may be trying what is not theirs. */
@Injectable()
export class ReportAttempt {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, incident: auth.AttemptIncidentChanged, meta: EventMeta): Promise<void> {
    const alert = attemptAlert(incident, incident.lastSeen ?? meta.occurredAt);
    if (alert) await this.raise.run(tx, meta.tenant, alert);
  }
}
