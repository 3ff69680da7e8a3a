// OCPP 2.x NotifyEvent (use case N07): what monitors, or the station by itself, have to tell about variables. 2.1 adds the
// severity; in 2.0.1 it is that of the monitor.

import { children, integer, text, type JsonObject } from '../../json.js';
import { readTime } from '../../wire-time.js';
import type { CallContext, DeviceEvent, DeviceEventsMessage } from '../charger-message.js';
import { variablePlace } from './variable-place.js';

export function mapDeviceEvents(payload: JsonObject, { receivedAt }: CallContext): DeviceEventsMessage {
  const generatedAt = readTime(payload['generatedAt']) ?? receivedAt;
  return {
    type: 'deviceEvents',
    events: children(payload, 'eventData').map((event) => eventOf(event, generatedAt)),
  };
}

function eventOf(event: JsonObject, generatedAt: Date): DeviceEvent {
  return {
    ...variablePlace(event),
    eventId: integer(event, 'eventId') ?? 0,
    occurredAt: readTime(event['timestamp']) ?? generatedAt,
    trigger: text(event, 'trigger') ?? '',
    cause: integer(event, 'cause'),
    actualValue: text(event, 'actualValue') ?? '',
    techCode: text(event, 'techCode'),
    techInfo: text(event, 'techInfo'),
    cleared: event['cleared'] === true,
    transactionRef: text(event, 'transactionId'),
    monitorId: integer(event, 'variableMonitoringId'),
    notificationType: text(event, 'eventNotificationType') ?? '',
    severity: integer(event, 'severity'),
  };
}
