import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, type Tx } from '@kilowatch/platform';
import type { Finding } from '../domain/detect.js';
import {
  openAnomaly,
  resolveAnomaly,
  resolveEarlier,
  type Anomaly,
} from '../persistence/anomaly.repository.js';
import type { WatchedSession } from '../persistence/watch.repository.js';

/** Turns what detectors found into incidents and tells everyone. Rare: readings without findings never come here. */
@Injectable()
export class RecordFindings {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(tx: Tx, tenant: string, session: WatchedSession, findings: readonly Finding[]): Promise<void> {
    for (const finding of findings) {
      if (finding.type === 'DETECTED') await this.detected(tx, tenant, session, finding);
      else {
        const at = new Date(finding.at);
        const resolved =
          finding.type === 'RESOLVED'
            ? await resolveAnomaly(tx, tenant, session.sessionId, finding.kind, at)
            : ((await resolveEarlier(tx, tenant, { ...session, at })) ?? []);
        for (const anomaly of resolved) this.announceResolved(tx, anomaly);
      }
    }
  }

  private async detected(
    tx: Tx,
    tenant: string,
    session: WatchedSession,
    finding: Extract<Finding, { type: 'DETECTED' }>,
  ): Promise<void> {
    const { kind, cause, confidence, evidence } = finding;
    const anomaly = await openAnomaly(tx, tenant, {
      id: this.ids.newId(),
      kind,
      cause,
      sessionId: session.sessionId,
      stationId: session.stationId,
      evseNumber: session.evseNumber,
      onset: new Date(finding.onset),
      detectedAt: this.clock.now(),
      confidence,
      evidence,
    });
    counter('kw_anomalies_total').inc({ kind });
    tx.publish(events.anomalyDetected, {
      aggregateId: anomaly.id,
      aggregateVersion: anomaly.version,
      occurredAt: anomaly.detectedAt,
      payload: {
        anomalyId: anomaly.id,
        kind,
        sessionId: anomaly.sessionId,
        stationId: anomaly.stationId,
        accountId: session.accountId,
        onset: anomaly.onset,
        confidence,
        evidenceJson: JSON.stringify({ cause, ...evidence }),
        stationIdentity: session.stationIdentity,
      },
    });
    announceLive(tx, anomaly);
  }

  private announceResolved(tx: Tx, anomaly: Anomaly): void {
    const { id: anomalyId, kind, sessionId, stationId } = anomaly;
    tx.publish(events.anomalyResolved, {
      aggregateId: anomalyId,
      aggregateVersion: anomaly.version,
      occurredAt: this.clock.now(),
      payload: { anomalyId, kind, sessionId, stationId },
    });
    announceLive(tx, anomaly);
  }
}

function announceLive(tx: Tx, anomaly: Anomaly): void {
  tx.live('session', anomaly.sessionId);
  tx.live('station', anomaly.stationId);
}
