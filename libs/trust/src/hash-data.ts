/**
 * Certificates named by hashes: CertID of RFC 6960 4.1.1, OCPP's OCSPRequestDataType and CertificateHashDataType. Hashes are over the DER
 * name of the issuer and over the bits of its key, in hex; the serial number is hex without 0x and leading zeros, so its length may be odd.
 */
import { createHash } from 'node:crypto';
import { invalid } from '@kilowatch/kernel';
import type { Certificate } from './certificate.js';

export type HashAlgorithm = 'SHA1' | 'SHA256' | 'SHA384' | 'SHA512';

export const HASHES: Readonly<Record<HashAlgorithm, { node: string; bytes: number; oid: string }>> = {
  SHA1: { node: 'sha1', bytes: 20, oid: '1.3.14.3.2.26' },
  SHA256: { node: 'sha256', bytes: 32, oid: '2.16.840.1.101.3.4.2.1' },
  SHA384: { node: 'sha384', bytes: 48, oid: '2.16.840.1.101.3.4.2.2' },
  SHA512: { node: 'sha512', bytes: 64, oid: '2.16.840.1.101.3.4.2.3' },
};

/** Hex, lower case; `serialNumber` without leading zeros. Equal ids of one algorithm name the same certificate. */
export interface CertificateId {
  readonly hashAlgorithm: HashAlgorithm;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

/** The id of a certificate by its issuer, e.g. with SHA-256. */
export function certificateId(
  { serial }: Pick<Certificate, 'serial'>,
  issuer: Certificate,
  hashAlgorithm: HashAlgorithm,
): CertificateId {
  return { ...issuerHashes(issuer, hashAlgorithm), serialNumber: serial };
}

type IssuerHashes = Omit<CertificateId, 'serialNumber'>;

/** Of an issuer, once for as long as somebody holds the parsed certificate, which nobody can change: it has issued many. */
const ISSUER_HASHES = new WeakMap<Certificate, Map<HashAlgorithm, IssuerHashes>>();

function issuerHashes(issuer: Certificate, hashAlgorithm: HashAlgorithm): IssuerHashes {
  const known = ISSUER_HASHES.get(issuer) ?? new Map<HashAlgorithm, IssuerHashes>();
  ISSUER_HASHES.set(issuer, known);
  let hashes = known.get(hashAlgorithm);
  if (!hashes) {
    hashes = {
      hashAlgorithm,
      issuerNameHash: digest(hashAlgorithm, issuer.subject.der),
      issuerKeyHash: digest(hashAlgorithm, issuer.key.bits),
    };
    known.set(hashAlgorithm, hashes);
  }
  return hashes;
}

/**
 * Hash data of a station. Besides what OCPP says, the quirk of EcoG/SwitchEV chargers is understood: hashes in Base64url, known by
 * their length, and then the serial number in decimal (auth.md P12). Throws INVALID for anything else.
 */
export function readHashData(data: {
  readonly hashAlgorithm: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}): CertificateId {
  const hashAlgorithm = data.hashAlgorithm.toUpperCase().replace('-', '');
  if (!isHashAlgorithm(hashAlgorithm)) throw refused('the hash algorithm');
  const [name, key] = [data.issuerNameHash, data.issuerKeyHash].map((text) => readHash(text, hashAlgorithm));
  if (!name || !key || name.decimalSerial !== key.decimalSerial) throw refused('a hash');
  return {
    hashAlgorithm,
    issuerNameHash: name.hash,
    issuerKeyHash: key.hash,
    serialNumber: readSerial(data.serialNumber, name.decimalSerial),
  };
}

/** Hex of a serial number in the one form that is compared. Throws INVALID. */
export function readSerial(text: string, decimal = false): string {
  const digits = decimal ? /^\d{1,49}$/.exec(text)?.[0] : /^(?:0x)?([0-9a-f]{1,42})$/i.exec(text)?.[1];
  if (digits === undefined) throw refused('the serial number');
  const found = BigInt(decimal ? digits : `0x${digits}`).toString(16);
  if (found.length > 40) throw refused('the serial number');
  return found;
}

/** Whether `issuer` is whom the id names. */
export function isIssuerOf(id: CertificateId, issuer: Certificate): boolean {
  const { issuerNameHash, issuerKeyHash } = issuerHashes(issuer, id.hashAlgorithm);
  return issuerNameHash === id.issuerNameHash && issuerKeyHash === id.issuerKeyHash;
}

export function isHashAlgorithm(text: string): text is HashAlgorithm {
  return Object.hasOwn(HASHES, text);
}

function readHash(
  text: string,
  algorithm: HashAlgorithm,
): { hash: string; decimalSerial: boolean } | undefined {
  const { bytes } = HASHES[algorithm];
  if (text.length === 2 * bytes && /^[0-9a-f]+$/i.test(text)) {
    return { hash: text.toLowerCase(), decimalSerial: false };
  }
  const bare = text.replace(/=+$/, '');
  const hash = Buffer.from(bare, 'base64url');
  if (hash.length !== bytes || hash.toString('base64url') !== bare) return undefined;
  return { hash: hash.toString('hex'), decimalSerial: true };
}

function digest(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  return createHash(HASHES[algorithm].node).update(bytes).digest('hex');
}

function refused(what: string): Error {
  return invalid('TRUST_HASH_DATA', `These are no hash data of a certificate: ${what} cannot be read.`);
}
