import { readTime, type ConnectorStatusMessage } from '@kilowatch/ocpp';
import { noteClock } from './connection-notes.js';
import { callOptions, type Handler } from './station-call.js';

export const handleConnectorStatus: Handler<ConnectorStatusMessage> = async (ports, call, message) => {
  const told = readTime(call.payload['timestamp']);
  if (told) noteClock(call.station, told, call.receivedAt);
  await ports.sessions.recordConnectorStatus(
    {
      stationId: call.station.stationId,
      protocol: call.station.protocol,
      evseNumber: message.evseNumber,
      connectorNumber: message.connectorNumber,
      status: message.status,
      errorCode: message.errorCode ?? '',
      vendorErrorCode: message.vendorErrorCode ?? '',
      info: message.info ?? '',
      occurredAt: message.occurredAt,
      receivedAt: call.receivedAt,
    },
    callOptions(call),
  );
  return { type: 'empty' };
};
