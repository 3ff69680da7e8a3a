import type { SecurityEventMessage } from '@kilowatch/ocpp';
import { recordStationMessage } from './record-station-message.js';
import type { Handler } from './station-call.js';

/** Before a boot too (Q52): the event may be the reason why there is none. */
export const handleSecurityEvent: Handler<SecurityEventMessage> = async (ports, call, message) => {
  const { kind, occurredAt, techInfo } = message;
  await recordStationMessage(ports, call, { securityEvent: { kind, occurredAt, techInfo: techInfo ?? '' } });
  return { type: 'empty' };
};
