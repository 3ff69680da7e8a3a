import type { DeviceEventsMessage } from '@kilowatch/ocpp';
import { recordStationMessage } from './record-station-message.js';
import type { Handler } from './station-call.js';
import { placeToWire } from './variable-place.js';

export const handleDeviceEvents: Handler<DeviceEventsMessage> = async (ports, call, message) => {
  const events = message.events.map((event) => ({
    place: placeToWire(event),
    eventId: event.eventId,
    occurredAt: event.occurredAt,
    trigger: event.trigger,
    cause: event.cause ?? undefined,
    actualValue: event.actualValue,
    techCode: event.techCode ?? '',
    techInfo: event.techInfo ?? '',
    cleared: event.cleared,
    transactionRef: event.transactionRef ?? '',
    monitorId: event.monitorId ?? undefined,
    notificationType: event.notificationType,
    severity: event.severity ?? undefined,
  }));
  await recordStationMessage(ports, call, { deviceEvents: { events } });
  return { type: 'empty' };
};
