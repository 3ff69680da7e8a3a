import type { MonitoringReportMessage } from '@kilowatch/ocpp';
import { recordStationMessage } from './record-station-message.js';
import type { Handler } from './station-call.js';
import { placeToWire } from './variable-place.js';

export const handleMonitoringReport: Handler<MonitoringReportMessage> = async (ports, call, message) => {
  const { requestId, seqNo, toBeContinued } = message;
  const monitors = message.monitors.map((monitor) => ({
    place: placeToWire(monitor),
    monitorId: monitor.monitorId,
    kind: monitor.kind,
    value: monitor.value,
    severity: monitor.severity,
    onlyInTransaction: monitor.onlyInTransaction,
    notificationType: monitor.notificationType ?? '',
  }));
  const monitoringReport = { requestId, seqNo, last: !toBeContinued, monitors };
  await recordStationMessage(ports, call, { monitoringReport });
  return { type: 'empty' };
};
