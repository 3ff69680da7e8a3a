// @kilowatch/trust: certificates and what may be believed of them. Pure: no I/O, clock or randomness; times are arguments.
export {
  certificatePem,
  isSelfIssued,
  readCertificate,
  readCertificatesPem,
  type Certificate,
  type PemBounds,
} from './certificate.js';
export { lookUpInCrl, MAX_CRL_BYTES, readCrl, type Crl, type CrlReading } from './crl.js';
export type { DistinguishedName } from './distinguished-name.js';
export { emaidCheckCharacter, isSameContract, readEmaid, type Emaid } from './emaid.js';
export type { CertificateExtensions, KeyUsage } from './extensions.js';
export {
  certificateId,
  isHashAlgorithm,
  isIssuerOf,
  readHashData,
  readSerial,
  type CertificateId,
  type HashAlgorithm,
} from './hash-data.js';
export type { KeyKind, KeyProblem, PublicKey } from './key.js';
export { encodeOcspRequest } from './ocsp-request.js';
export { MAX_OCSP_RESPONSE_BYTES, verifyOcspResponse, type OcspQuestion } from './ocsp-response.js';
export { validatePath, type PathInput, type PathResult, type TrustAnchor } from './path.js';
export { describeProblem, type PathProblem, type PathProblemCode } from './path-problem.js';
export type { AnswerWindow, RevocationAnswer, RevocationReason, UnusableCode } from './revocation.js';
export { readSigningRequest, type SigningRequest, type SigningRequestProblem } from './signing-request.js';
