import type { OtherMessage } from '@kilowatch/ocpp';
import type { Handler } from './station-call.js';

/** Progress reports, security events and the like: kept as they came and acknowledged. Nothing acts on them. */
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
