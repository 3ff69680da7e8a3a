import {
  answerPayload,
  mapCall,
  neutralAnswer,
  OLD_PNC_VENDOR,
  pncAnswer,
  pncRequest,
  type ChargerMessage,
  type DataTransferAnswer,
  type DataTransferMessage,
  type PncRequest,
} from '@kilowatch/ocpp';
import { notesOf } from './connection-notes.js';
import { handleAuthorize } from './handle-authorize.js';
import { handleSignCertificate } from './handle-sign-certificate.js';
import { handleCertificateStatus, handleContractCertificate } from './handle-contracts.js';
import type { Handler, HandlerPorts, StationCall } from './station-call.js';

/**
 * Plug and charge over 1.6 is understood. All else is kept for people to read: no vendor's messages are implemented yet, and
 * saying otherwise would promise an effect.
 */
export const handleDataTransfer: Handler<DataTransferMessage> = async (ports, call, message) => {
  const request = pncRequest(message);
  if (request)
    notesOf(call.station, call.receivedAt).speaksOldPlugAndCharge = message.vendorId === OLD_PNC_VENDOR;
  if (request?.kind === 'request') return plugAndCharge(ports, call, request);
  await ports.notices.store(call.station, {
    action: call.action,
    vendorId: message.vendorId,
    messageId: message.messageId ?? '',
    content: message.data ?? '',
    receivedAt: call.receivedAt,
  });
  return request?.answer ?? { type: 'dataTransfer', status: 'UnknownVendorId' };
};

const PLUG_AND_CHARGE = {
  authorize: handleAuthorize,
  contractCertificate: handleContractCertificate,
  certificateStatus: handleCertificateStatus,
  signCertificate: handleSignCertificate,
};

/** The text holds a request of 2.0.1, the answer's text its response: both are checked by the schemas of 2.0.1. */
async function plugAndCharge(
  ports: HandlerPorts,
  call: StationCall,
  { action, payload }: PncRequest & { kind: 'request' },
): Promise<DataTransferAnswer> {
  const check = ports.schemas.validateInbound('2.0.1', action, 'request', payload);
  if (!check.ok) return { type: 'dataTransfer', status: 'Rejected' };
  const { message } = mapCall('2.0.1', action, check.payload, { receivedAt: call.receivedAt });
  const handler = PLUG_AND_CHARGE[message.type as keyof typeof PLUG_AND_CHARGE] as
    Handler<ChargerMessage> | undefined;
  if (handler) return pncAnswer(answerPayload('2.0.1', action, await handler(ports, call, message, [])));
  const neutral = neutralAnswer('2.0.1', action, ports.clock.now(), check.payload);
  return neutral.kind === 'result'
    ? pncAnswer(neutral.payload)
    : { type: 'dataTransfer', status: 'Rejected' };
}
