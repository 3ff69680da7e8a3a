import type { OtherMessage } from '@kilowatch/ocpp';
import type { Handler } from './station-call.js';

/** Charging needs and schedules, DER and battery notices and the like: kept as they came and answered. Nothing acts on them yet. */
export const handleNotice: Handler<OtherMessage> = async (ports, call, message) => {
  await ports.notices.store(call.station, {
    action: message.action,
    vendorId: '',
    messageId: '',
    content: JSON.stringify(message.payload),
    receivedAt: call.receivedAt,
  });
  return { type: 'empty' };
};
