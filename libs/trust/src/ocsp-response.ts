/**
 * OCSP responses (RFC 6960 4.2; auth.md P5). An answer is believed when the issuer of the certificate signed it, or somebody whom that
 * issuer itself gave a certificate for OCSP signing, in date; when it is about the certificate asked for, and fresh; and when a nonce, if
 * there is one, is ours.
 */
import { createHash } from 'node:crypto';
import { readCertificate, type Certificate } from './certificate.js';
import { DER, hex, readDer, sameBytes, type DerNode } from './der.js';
import { readExtensionList, type Extension } from './extensions.js';
import { HASHES, certificateId, type HashAlgorithm } from './hash-data.js';
import {
  LEEWAY_MS,
  revocationReason,
  unusable,
  windowProblem,
  type RevocationAnswer,
  type UnusableCode,
} from './revocation.js';
import { readSigned, signatureProblem, verifySignature, type Signed } from './signature.js';

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';
const NONCE = '1.3.6.1.5.5.7.48.1.2';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
/** A delegate and what is above it; more only costs time. */
const MAX_CERTIFICATES = 4;
const MAX_ANSWERS = 64;
export const MAX_OCSP_RESPONSE_BYTES = 64 * 1024;

export interface OcspQuestion {
  /** Hex, as `Certificate.serial` and `CertificateId.serialNumber` have it. */
  readonly serial: string;
  /** The certificate of the authority that issued it, validated or of the pool of known ones. */
  readonly issuer: Certificate;
  /** What the request carried. Not for an answer out of a cache. */
  readonly nonce?: Uint8Array;
  readonly at: Date;
  /** How old an answer without nextUpdate may be. */
  readonly maxAgeMs: number;
}

/** Never throws: what cannot be read or believed is UNUSABLE, with the reason. */
export function verifyOcspResponse(response: Uint8Array, question: OcspQuestion): RevocationAnswer {
  if (response.length > MAX_OCSP_RESPONSE_BYTES) return unusable('MALFORMED');
  try {
    const [status, body] = readDer(response).as(DER.sequence).children;
    const code = status!.as(DER.enumerated).content[0];
    // tryLater and internalError pass; malformedRequest, sigRequired and unauthorized will be the same next time.
    if (code !== 0) return unusable(code === 2 || code === 3 ? 'RESPONDER_BUSY' : 'RESPONDER_REFUSED');
    const [type, basic] = body!.as(0xa0).children[0]!.as(DER.sequence).children;
    if (type!.oid !== BASIC_RESPONSE) return unusable('MALFORMED');
    return judge(readDer(basic!.as(DER.octetString).content), question);
  } catch {
    return unusable('MALFORMED');
  }
}

function judge(basic: DerNode, question: OcspQuestion): RevocationAnswer {
  const signed = readSigned(basic);
  const data = readResponseData(readDer(signed.content));
  const certificates = (signed.rest[0]?.as(0xa0).children[0]?.children ?? []).slice(0, MAX_CERTIFICATES);
  const signer = signerOf(signed, data.responder, certificates, question);
  if (typeof signer === 'string') return unusable(signer);
  const nonce = data.extensions.find(({ id }) => id === NONCE)?.value;
  if (nonce && question.nonce && !isNonce(nonce, question.nonce)) return unusable('NONCE_MISMATCH');
  if (data.extensions.some(({ id, critical }) => critical && id !== NONCE)) {
    return unusable('CRITICAL_EXTENSION_UNKNOWN');
  }
  const about = data.answers.filter((answer) => isAbout(answer.id, question));
  if (about.length !== 1) return unusable(about.length === 0 ? 'OTHER_CERTIFICATE' : 'AMBIGUOUS');
  const [{ status, thisUpdate, nextUpdate, extensions }] = about as [SingleAnswer];
  if (extensions.some(({ critical }) => critical)) return unusable('CRITICAL_EXTENSION_UNKNOWN');
  const nonced = nonce && question.nonce ? ({ nonced: true } as const) : {};
  const isChecked = signer.fingerprint === question.issuer.fingerprint || signer.ocspNoCheck;
  const window = { thisUpdate, nextUpdate, ...nonced, ...(isChecked ? {} : { signer }) };
  if (data.producedAt.getTime() > question.at.getTime() + LEEWAY_MS) return unusable('NOT_YET_VALID');
  const time = windowProblem(window, question.at, question.maxAgeMs);
  return time ? unusable(time) : { ...readStatus(status), ...window };
}

interface SingleAnswer {
  readonly id: DerNode;
  readonly status: DerNode;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly extensions: readonly Extension[];
}

interface ResponseData {
  readonly responder: DerNode;
  readonly producedAt: Date;
  readonly answers: readonly SingleAnswer[];
  readonly extensions: readonly Extension[];
}

function readResponseData(node: DerNode): ResponseData {
  const fields = node.as(DER.sequence).children;
  // The version, which is left out when it is v1: there is no other.
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [responder, producedAt, answers, extensions] = fields;
  const list = answers!.as(DER.sequence).children;
  if (list.length > MAX_ANSWERS) throw new RangeError('too many answers');
  return {
    responder: responder!,
    producedAt: producedAt!.as(DER.generalizedTime).time,
    answers: list.map(readAnswer),
    extensions: readExtensionList(extensions?.as(0xa1).children[0]),
  };
}

function readAnswer(node: DerNode): SingleAnswer {
  const [id, status, thisUpdate, ...more] = node.as(DER.sequence).children;
  const optional = (tag: number) => more.find((field) => field.tag === tag)?.children[0];
  return {
    id: id!,
    status: status!,
    thisUpdate: thisUpdate!.as(DER.generalizedTime).time,
    nextUpdate: optional(0xa0)?.as(DER.generalizedTime).time,
    extensions: readExtensionList(optional(0xa1)),
  };
}

type Status =
  | { readonly status: 'GOOD' | 'UNKNOWN' }
  | Pick<Extract<RevocationAnswer, { status: 'REVOKED' }>, 'status' | 'revokedAt' | 'reason'>;

function readStatus(node: DerNode): Status {
  if (node.tag === 0x80) return { status: 'GOOD' };
  if (node.tag === 0x82) return { status: 'UNKNOWN' };
  const [revokedAt, reason] = node.as(0xa1).children;
  const code = reason?.as(0xa0).children[0]?.as(DER.enumerated).content[0];
  return {
    status: 'REVOKED',
    revokedAt: revokedAt!.as(DER.generalizedTime).time,
    reason: revocationReason(code),
  };
}

/** A responder may hash with another algorithm than was asked with: the issuer is at hand, so each can be compared. */
function isAbout(id: DerNode, { serial, issuer }: OcspQuestion): boolean {
  const [algorithm, nameHash, keyHash, number] = id.as(DER.sequence).children;
  const oid = algorithm!.children[0]!.oid;
  const known = (Object.keys(HASHES) as HashAlgorithm[]).find((name) => HASHES[name].oid === oid);
  if (!known) return false;
  const wanted = certificateId({ serial }, issuer, known);
  return (
    number!.unsignedHex === serial &&
    hex(nameHash!.as(DER.octetString).content) === wanted.issuerNameHash &&
    hex(keyHash!.as(DER.octetString).content) === wanted.issuerKeyHash
  );
}

type SignerProblem = Extract<UnusableCode, `SIGN${string}`>;

/** Who signed it and may. Otherwise the reason of the best among those that call themselves the responder. */
function signerOf(
  signed: Signed,
  responder: DerNode,
  certificates: readonly DerNode[],
  question: OcspQuestion,
): Certificate | SignerProblem {
  if (signatureProblem(signed.algorithm)) return 'SIGNATURE_WEAK';
  const { issuer, at } = question;
  const named = [issuer, ...certificates.map(({ raw }) => readCertificate(raw))].filter((one) =>
    isResponder(responder, one),
  );
  let problem: SignerProblem = named.length === 0 ? 'SIGNER_UNKNOWN' : 'SIGNATURE_BAD';
  for (const signer of named) {
    if (verifySignature(signed, signer.key) !== 'VALID') continue;
    const found = signer.fingerprint === issuer.fingerprint ? undefined : delegateProblem(signer, issuer, at);
    if (!found) return signer;
    problem = found;
  }
  return problem;
}

/**
 * RFC 6960 4.2.2.2: issued by the very authority, for OCSP signing, in date. One without id-pkix-ocsp-nocheck is told with the answer
 * (`signer`): whoever can fetch lists looks whether it is revoked.
 */
function delegateProblem(signer: Certificate, issuer: Certificate, at: Date): SignerProblem | undefined {
  const issued =
    sameBytes(signer.issuer.der, issuer.subject.der) &&
    verifySignature(signer.signed, issuer.key) === 'VALID';
  if (!issued) return 'SIGNER_NOT_ALLOWED';
  const allowed =
    signer.extendedKeyUsage?.includes(OCSP_SIGNING) &&
    (signer.keyUsage === undefined || signer.keyUsage.includes('digitalSignature')) &&
    signer.unknownCritical.length === 0;
  if (!allowed) return 'SIGNER_NOT_ALLOWED';
  return at < signer.notBefore || at > signer.notAfter ? 'SIGNER_EXPIRED' : undefined;
}

/** ResponderID: a name, or the SHA-1 of the key's bits, whatever is hashed with elsewhere. */
function isResponder(responder: DerNode, candidate: Certificate): boolean {
  const value = responder.children[0]!;
  if (responder.tag === 0xa1) return sameBytes(value.raw, candidate.subject.der);
  const digest = createHash('sha1').update(candidate.key.bits).digest();
  return responder.tag === 0xa2 && sameBytes(value.as(DER.octetString).content, digest);
}

function isNonce(value: Uint8Array, nonce: Uint8Array): boolean {
  // Some responders leave the inner OCTET STRING out and give the bare bytes back (RFC 2560 did not say).
  return (
    sameBytes(value, nonce) || sameBytes(value, Buffer.concat([Buffer.from([0x04, nonce.length]), nonce]))
  );
}
