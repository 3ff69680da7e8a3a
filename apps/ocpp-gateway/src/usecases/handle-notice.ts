import type { JsonObject, OtherMessage } from '@kilowatch/ocpp';
import type { Handler, HandlerPorts, StationCall } from './station-call.js';

/** DER and battery notices, limits from outside and the like: kept as they came and answered. Nothing acts on them yet. */
export const handleNotice: Handler<OtherMessage> = async (ports, call, message) => {
  await keepNotice(ports, call, message.payload);
  return { type: 'empty' };
};

/** For people to read; also what belongs to nothing that we know. */
export function keepNotice(ports: HandlerPorts, call: StationCall, payload: JsonObject): Promise<void> {
  return ports.notices.store(call.station, {
    action: call.action,
    vendorId: '',
    messageId: '',
    content: JSON.stringify(payload),
    receivedAt: call.receivedAt,
  });
}
