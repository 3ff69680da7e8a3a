// ISO 15118 over 1.6: a DataTransfer of this vendor carries a 2.0.1 request as JSON *text*, and its answer must carry the
// 2.0.1 response as JSON text too, or the driver is refused (OCA application note "Using ISO 15118 Plug & Charge with OCPP
// 1.6"; seen from openocpp).

import { isJsonObject, type JsonObject } from '../../json.js';
import type { DataTransferAnswer } from '../charger-answer.js';
import type { DataTransferMessage } from '../charger-message.js';
import { OLD_PNC_VENDOR, requestOfOld } from './old-plug-and-charge.js';

export const PNC_VENDOR = 'org.openchargealliance.iso15118pnc';

/** messageId -> action of 2.0.1 that the text is a request of. */
const ACTIONS: Readonly<Record<string, string>> = {
  Authorize: 'Authorize',
  Get15118EVCertificate: 'Get15118EVCertificate',
  GetCertificateStatus: 'GetCertificateStatus',
  SignCertificate: 'SignCertificate',
};

export type PncRequest =
  | { readonly kind: 'request'; readonly action: string; readonly payload: JsonObject }
  | { readonly kind: 'refused'; readonly answer: DataTransferAnswer };

/** Null when the message is none of plug and charge. The payload is not validated yet. */
export function pncRequest(message: DataTransferMessage): PncRequest | null {
  const isOld = message.vendorId === OLD_PNC_VENDOR;
  if (message.vendorId !== PNC_VENDOR && !isOld) return null;
  const name = message.messageId ?? '';
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) return refused('UnknownMessageId');
  const payload = objectIn(message.data);
  if (payload === null) return refused('Rejected');
  return { kind: 'request', action, payload: isOld ? requestOfOld(action, payload) : payload };
}

export function pncAnswer(response: JsonObject): DataTransferAnswer {
  return { type: 'dataTransfer', status: 'Accepted', data: JSON.stringify(response) };
}

function refused(status: DataTransferAnswer['status']): PncRequest {
  return { kind: 'refused', answer: { type: 'dataTransfer', status } };
}

function objectIn(text: string | null): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
