// OCPP 2.x NotifyMonitoringReport (use case N02) -> one row per monitor.

import { children, integer, text, type JsonObject } from '../../json.js';
import { readTime } from '../../wire-time.js';
import type { CallContext, MonitoringReportMessage, ReportedMonitor } from '../charger-message.js';
import { variablePlace } from './variable-place.js';

/** Severity of a monitor that does not say: Error (4), so that nobody overlooks it. */
const UNSAID_SEVERITY = 4;

export function mapMonitoringReport(
  payload: JsonObject,
  { receivedAt }: CallContext,
): MonitoringReportMessage {
  return {
    type: 'monitoringReport',
    requestId: integer(payload, 'requestId') ?? 0,
    seqNo: integer(payload, 'seqNo') ?? 0,
    toBeContinued: payload['tbc'] === true,
    generatedAt: readTime(payload['generatedAt']) ?? receivedAt,
    monitors: children(payload, 'monitor').flatMap(monitorsOf),
  };
}

function monitorsOf(entry: JsonObject): ReportedMonitor[] {
  return children(entry, 'variableMonitoring').map((monitor) => ({
    ...variablePlace(entry),
    monitorId: integer(monitor, 'id') ?? 0,
    kind: text(monitor, 'type') ?? '',
    value: text(monitor, 'value') ?? '',
    severity: integer(monitor, 'severity') ?? UNSAID_SEVERITY,
    onlyInTransaction: monitor['transaction'] === true,
    notificationType: text(monitor, 'eventNotificationType'),
  }));
}
