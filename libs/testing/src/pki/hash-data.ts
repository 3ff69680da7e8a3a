import { createHash } from 'node:crypto';
import { der } from './keys.js';
import type { TestCertificate } from './test-certificate.js';

export interface TestHashData {
  readonly hashAlgorithm: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
  readonly responderURL: string;
}

/** OCSPRequestDataType as a station writes it. */
export function hashDataOf(
  { serial }: { readonly serial: string },
  issuer: TestCertificate,
  responderURL: string,
  hashAlgorithm: 'SHA256' | 'SHA384' | 'SHA512' = 'SHA256',
): TestHashData {
  const digest = (data: Uint8Array) => createHash(hashAlgorithm.toLowerCase()).update(data).digest('hex');
  return {
    hashAlgorithm,
    issuerNameHash: digest(der(issuer.name)),
    issuerKeyHash: digest(issuer.keyBits),
    serialNumber: serial,
    responderURL,
  };
}

/** As chargers of EcoG and SwitchEV write it: hashes in Base64url, the serial number in decimal. */
export function quirkyHashData(data: TestHashData): TestHashData {
  const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
  return {
    ...data,
    issuerNameHash: base64(data.issuerNameHash),
    issuerKeyHash: base64(data.issuerKeyHash),
    serialNumber: BigInt(`0x${data.serialNumber}`).toString(10),
  };
}
