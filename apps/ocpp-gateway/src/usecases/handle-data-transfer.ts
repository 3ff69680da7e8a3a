import type { DataTransferMessage } from '@kilowatch/ocpp';
import type { Handler } from './station-call.js';

/** Kept for people to read. No vendor's messages are implemented yet, and saying otherwise would promise an effect. */
export const handleDataTransfer: Handler<DataTransferMessage> = async (ports, call, message) => {
  await ports.notices.store(call.station, {
    action: call.action,
    vendorId: message.vendorId,
    messageId: message.messageId ?? '',
    content: message.data ?? '',
    receivedAt: call.receivedAt,
  });
  return { type: 'dataTransfer', status: 'UnknownVendorId' };
};
