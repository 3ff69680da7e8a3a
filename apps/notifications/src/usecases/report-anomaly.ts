import { Injectable } from '@nestjs/common';
import type { insights } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { anomalyAlert, interruptedAlert, isHint } from '../domain/alert-for-event.js';
import { findSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells the operators of an anomaly, and the driver when it is the charging that stopped. */
@Injectable()
export class ReportAnomaly {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, anomaly: insights.AnomalyDetected, meta: EventMeta): Promise<void> {
    if (isHint(anomaly)) return;
    const session = anomaly.sessionId ? await findSession(tx, meta.tenant, anomaly.sessionId) : undefined;
    const at = anomaly.onset ?? meta.occurredAt;
    await this.raise.run(tx, meta.tenant, anomalyAlert(anomaly, session, at));
    if (anomaly.kind !== 'INTERRUPTION' || !anomaly.sessionId) return;
    // The session's own event may still be on its way: what the anomaly says is enough.
    const known = session ?? {
      sessionId: anomaly.sessionId,
      accountId: anomaly.accountId,
      stationId: anomaly.stationId,
      stationIdentity: anomaly.stationIdentity,
      locationName: '',
      timeZone: '',
    };
    await this.raise.run(tx, meta.tenant, interruptedAlert(known, anomaly.kind, at));
  }
}
