/** @kilowatch/testing/pki: certificates, rightly made and not, and who answers for them. Shares nothing with libs/trust, which it tests. */
export { crl, type WantedCrl } from './crl-answer.js';
export { CrlServer } from './crl-server.js';
export { hashDataOf, quirkyHashData, type TestHashData } from './hash-data.js';
export { hostileChains, type HostileChain } from './hostile-chains.js';
export { newKey, type KeyKind, type TestKey } from './keys.js';
export { loopbackServer, startTrap, type LoopbackServer } from './loopback-server.js';
export {
  ocspFailure,
  ocspResponse,
  type CertIdHash,
  type TestStatus,
  type WantedOcspResponse,
} from './ocsp-answer.js';
export { OcspResponder, type OcspMode, type SeenOcspRequest } from './ocsp-responder.js';
export { OpcpServer, type OpcpContract } from './opcp-server.js';
export { signingRequest, type WantedRequest } from './signing-request.js';
export {
  CA_USAGE,
  criticalPurposes,
  extension,
  LEAF_USAGE,
  nameConstraints,
  ocspNoCheck,
  OCSP_SIGNING,
  pemOf,
  strangeExtension,
  TestCertificate,
  type WantedCertificate,
} from './test-certificate.js';
export { TEST_EMAID, testPki, type TestPki, type TestPkiOptions } from './v2g-pki.js';
