// The dialect in which has·to·be carried ISO 15118 over 1.6 before the application note of the OCA: the same messages under the vendor
// `iso15118`, with the field names of OCPP 2.0, from which 2.0.1 renamed some (as MaEVe's has2be module has them). Requests of stations
// are read as those of 2.0.1; commands are said in it to stations that know no other.

import { isJsonObject, type JsonObject } from '../../json.js';
import type { CommandCall } from '../command.js';

export const OLD_PNC_VENDOR = 'iso15118';

/** Old name -> that of 2.0.1, by action. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Authorize: { '15118CertificateHashData': 'iso15118CertificateHashData' },
  Get15118EVCertificate: { '15118SchemaVersion': 'iso15118SchemaVersion' },
  SignCertificate: { typeOfCertificate: 'certificateType' },
  CertificateSigned: { typeOfCertificate: 'certificateType', cert: 'certificateChain' },
  GetInstalledCertificateIds: { typeOfCertificate: 'certificateType' },
};

/** A station's request in the words of 2.0.1. What is there in both spellings stays as 2.0.1 has it. */
export function requestOfOld(action: string, payload: JsonObject): JsonObject {
  const names = RENAMED[action] ?? {};
  const renamed: JsonObject = {};
  for (const [key, value] of Object.entries(payload)) {
    const name = names[key] ?? key;
    if (name === key || !Object.hasOwn(payload, name)) renamed[name] = value;
  }
  // Of the car's EVSE, which 2.0.1 does not ask for.
  if (action === 'Authorize') delete renamed['evseId'];
  // 2.0 knew no updates.
  if (action === 'Get15118EVCertificate') renamed['action'] ??= 'Install';
  return renamed;
}

/** The same command as such a station understands it. `call`: a DataTransfer of plug and charge. */
export function oldCall(call: CommandCall): CommandCall {
  const { messageId, data } = call.payload;
  const action = String(messageId);
  const names = Object.entries(RENAMED[action] ?? {});
  const request = JSON.parse(String(data)) as JsonObject;
  const said: JsonObject = {};
  for (const [key, value] of Object.entries(request)) {
    const old = names.find(([, name]) => name === key)?.[0] ?? key;
    // 2.0 has a list of certificates, leaf first; and asks for one kind at a time.
    if (old === 'cert') said[old] = certificatesIn(String(value));
    else if (action === 'GetInstalledCertificateIds' && Array.isArray(value)) said[old] = value[0] ?? null;
    else said[old] = value;
  }
  return { ...call, payload: { ...call.payload, vendorId: OLD_PNC_VENDOR, data: JSON.stringify(said) } };
}

/** What such a station answered, in the words of 2.0.1: only the certificates that it holds are told in others. */
export function answerOfOld(call: CommandCall, answer: JsonObject): JsonObject {
  if (call.payload['messageId'] !== 'GetInstalledCertificateIds') return answer;
  const inside = parsed(answer['data']);
  const hashes = inside?.['certificateHashData'];
  if (!inside || !Array.isArray(hashes)) return answer;
  const asked = parsed(call.payload['data'])?.['typeOfCertificate'] ?? '';
  const { certificateHashData: _old, ...rest } = inside;
  const certificateHashDataChain = hashes.map((certificateHashData) => ({
    certificateType: asked,
    certificateHashData,
  }));
  return { ...answer, data: JSON.stringify({ ...rest, certificateHashDataChain }) };
}

function certificatesIn(chain: string): string[] {
  return chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [chain];
}

function parsed(text: unknown): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
