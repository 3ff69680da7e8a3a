/**
 * Signing requests of stations: PKCS#10 (RFC 2986; OCPP A02, auth.md C7). What stands in it is a wish: who signs decides by the
 * problems below and by its own rules on names, and takes the key.
 */
import { invalid, isAppError } from '@kilowatch/kernel';
import { DER, readDer } from './der.js';
import { readName, type DistinguishedName } from './distinguished-name.js';
import { readExtensionList, readExtensions, type CertificateExtensions } from './extensions.js';
import { readKey, type PublicKey } from './key.js';
import { readSigned, verifySignature, type SignatureVerdict } from './signature.js';

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const MAX_BYTES = 8 * 1024;
const PEM =
  /^\s*-----BEGIN (NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]*)-----END (NEW )?CERTIFICATE REQUEST-----\s*$/;

export interface SigningRequest {
  readonly der: Uint8Array;
  readonly subject: DistinguishedName;
  readonly key: PublicKey;
  /** What the certificate is wanted to say; all undefined or empty when nothing is asked for. */
  readonly requested: CertificateExtensions;
  readonly problems: readonly SigningRequestProblem[];
}

export type SigningRequestProblem =
  /** The request is not signed with the key it is for: no proof that its sender has the private one. */
  | 'NO_PROOF_OF_POSSESSION'
  | 'SIGNATURE_WEAK'
  | 'KEY_WEAK'
  | 'KEY_UNSUPPORTED'
  /** It wants to be an authority. */
  | 'CA_RIGHTS'
  | 'COMMON_NAME_MISSING';

/** A request out of PEM text (as OCPP carries it) or DER. Throws INVALID for what is none; what is wrong with one is in `problems`. */
export function readSigningRequest(request: string | Uint8Array): SigningRequest {
  try {
    const der = typeof request === 'string' ? fromPem(request) : Uint8Array.from(request);
    if (der.length > MAX_BYTES) throw refused('it is larger than 8 KiB');
    return parsed(der);
  } catch (error) {
    throw isAppError(error) && error.code === 'TRUST_CSR_UNREADABLE'
      ? error
      : refused('it has not the parts of one', error);
  }
}

function parsed(der: Uint8Array): SigningRequest {
  const signed = readSigned(readDer(der));
  const [version, subjectNode, keyNode, attributes] = readDer(signed.content).children;
  if (version!.unsignedHex !== '0') throw refused('it is of another version');
  const subject = readName(subjectNode!);
  const key = readKey(keyNode!);
  const wish = (attributes?.as(0xa0).children ?? []).filter(
    ({ children }) => children[0]!.oid === EXTENSION_REQUEST,
  );
  if (wish.length > 1) throw refused('it asks for extensions twice');
  const requested = readExtensions(readExtensionList(wish[0]?.children[1]!.as(DER.set).children[0]));
  const problems = [
    ...(key.problem ? [key.problem] : signatureProblems(verifySignature(signed, key))),
    ...(wantsToIssue(requested) ? (['CA_RIGHTS'] as const) : []),
    ...(subject.commonName ? [] : (['COMMON_NAME_MISSING'] as const)),
  ];
  return Object.freeze({ der, subject, key, requested, problems });
}

function signatureProblems(verdict: SignatureVerdict): SigningRequestProblem[] {
  if (verdict === 'VALID') return [];
  return verdict === 'WEAK' ? ['SIGNATURE_WEAK'] : ['NO_PROOF_OF_POSSESSION'];
}

function wantsToIssue({ basicConstraints, keyUsage }: CertificateExtensions): boolean {
  return Boolean(basicConstraints?.ca || keyUsage?.includes('keyCertSign') || keyUsage?.includes('crlSign'));
}

function fromPem(text: string): Uint8Array {
  if (text.length > MAX_BYTES * 2) throw refused('it is larger than 8 KiB');
  const match = PEM.exec(text);
  if (!match) throw refused('it is no PEM of one');
  return Uint8Array.from(Buffer.from(match[2]!, 'base64'));
}

function refused(reason: string, cause?: unknown): Error {
  return invalid(
    'TRUST_CSR_UNREADABLE',
    `This is not a signing request that can be read: ${reason}.`,
    { reason },
    cause,
  );
}
