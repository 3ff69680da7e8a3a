import { explain } from '../../domain/explanation.js';
import type { Anomaly } from '../../usecases/view-insights.js';

export function toAnomalyNode(anomaly: Anomaly) {
  const { kind, cause, evidence } = anomaly;
  return {
    id: anomaly.id,
    kind,
    station: { id: anomaly.stationId },
    session: { id: anomaly.sessionId },
    onset: anomaly.onset,
    detectedAt: anomaly.detectedAt,
    resolvedAt: anomaly.resolvedAt ?? null,
    confidence: anomaly.confidence,
    evidence: { cause, occurrences: anomaly.occurrences, ...evidence },
    explanation: explain(kind, cause, evidence),
  };
}
