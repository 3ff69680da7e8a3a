/**
 * Whether a signing request of a station may be signed (2.0.1 A02.FR.04 and A00.FR.404, .405, .501 to .514; C7). The reason codes
 * have at most 20 characters, as they travel in statusInfo.
 */
import type { SigningRequest, SigningRequestProblem } from '@kilowatch/trust';
import type { CertificatePolicy } from './certificate-policy.js';
import { isTowardsCars, type CertificateType } from './station-certificate.js';
import { certificateNames } from './station-credential.js';

export interface AskingStation {
  readonly identityKey: string;
  readonly serialNumber: string;
}

export type RequestVerdict =
  | { readonly ok: true; readonly commonName: string }
  | { readonly ok: false; readonly code: string; readonly text: string };

const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[?[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}\]?)$/i;
const URL_LIKE = /:\/\/|^www\.|\//i;

const REFUSALS: Readonly<Record<SigningRequestProblem, readonly [code: string, text: string]>> = {
  NO_PROOF_OF_POSSESSION: ['BadSignature', 'The request is not signed with the key it is about.'],
  SIGNATURE_WEAK: ['WeakSignature', 'The request is signed with a hash that is not believed any more.'],
  KEY_WEAK: ['WeakKey', 'The key must be an EC key of P-256 or more, or an RSA key of 2048 bits or more.'],
  KEY_UNSUPPORTED: ['KeyUnsupported', 'The key must be an EC key of P-256, P-384 or P-521, or an RSA key.'],
  CA_RIGHTS: ['WantsCaRights', 'The request asks for the rights of a CA.'],
  COMMON_NAME_MISSING: ['CommonName', 'The subject must have exactly one common name.'],
};

export function judgeRequest(
  { subject, key, problems }: SigningRequest,
  station: AskingStation,
  policy: CertificatePolicy,
  type: CertificateType,
): RequestVerdict {
  const { organisation } = policy;
  if (organisation === '')
    return refused('NoOrganisation', 'No organisation is configured here, so no certificate can be issued.');
  const [problem] = problems;
  if (problem !== undefined) return refused(...REFUSALS[problem]);
  const commonName = subject.commonName ?? '';
  if (ADDRESS.test(commonName) || URL_LIKE.test(commonName))
    return refused('CommonName', 'The common name must be no URL and no address.');
  if (!namesStation(commonName, station, policy.commonName))
    return refused('CommonName', `The common name must be ${wanted(policy.commonName)} of the station.`);
  if (subject.organization !== organisation)
    return refused('Organisation', `The organisation must be ${organisation}.`);
  if (isTowardsCars(type) && key.kind === 'RSA')
    return refused('WeakKey', 'Certificates towards cars have no RSA keys (ISO 15118).');
  return { ok: true, commonName };
}

/** Whether a common name is the one this station must have. */
export function namesStation(
  commonName: string,
  { identityKey, serialNumber }: AskingStation,
  rule: CertificatePolicy['commonName'],
): boolean {
  const byIdentity = rule !== 'SERIAL' && certificateNames(identityKey, commonName);
  const bySerial =
    rule !== 'IDENTITY' && serialNumber !== '' && certificateNames(serialNumber.toLowerCase(), commonName);
  return byIdentity || bySerial;
}

function wanted(rule: CertificatePolicy['commonName']): string {
  if (rule === 'IDENTITY') return 'the identity';
  return rule === 'SERIAL' ? 'the serial number' : 'the identity or the serial number';
}

function refused(code: string, text: string): RequestVerdict {
  return { ok: false, code, text };
}
