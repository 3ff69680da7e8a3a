/** A certificate as the rules see it (RFC 5280 section 4). It says what stands in the bytes; nothing of it is believed before `path.ts`. */
import { createHash } from 'node:crypto';
import { invalid, isAppError } from '@kilowatch/kernel';
import { DER, hex, readDer, sameBytes, unreadable, type DerNode } from './der.js';
import { readName, type DistinguishedName } from './distinguished-name.js';
import { readExtensionList, readExtensions, type CertificateExtensions } from './extensions.js';
import { readKey, type PublicKey } from './key.js';
import { readSigned, type Signed } from './signature.js';

/** Contract certificates are about 1 KB; ISO 15118-20 chains with P-521 keys and many extensions stay far below. */
const MAX_CERTIFICATE_BYTES = 8 * 1024;
const MAX_CERTIFICATES = 10;
/** OCPP 2.1 AuthorizeRequest.certificate, CertificateSignedRequest.certificateChain; 5,500 in 2.0.1. */
const MAX_CHAIN_CHARACTERS = 10_000;
/** 20 octets (RFC 5280 4.1.2.2). */
const MAX_SERIAL_DIGITS = 40;
const UNIQUE_IDS_AND_EXTENSIONS = [0x81, 0x82, 0xa3];
const PEM = /-----BEGIN (?:X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END (?:X509 )?CERTIFICATE-----/g;

export interface Certificate extends CertificateExtensions {
  readonly der: Uint8Array;
  readonly signed: Signed;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** Hex, lower case, without leading zeros. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly key: PublicKey;
  /** SHA-256 over the whole of it, hex. */
  readonly fingerprint: string;
}

export interface PemBounds {
  readonly most?: number;
  /** More than OCPP allows, for what people and settings bring. */
  readonly mostCharacters?: number;
}

/** What was read of such bytes before, if it is at hand. */
export type HeldCertificates = (fingerprint: string) => Certificate | undefined;

/** Throws INVALID for what is no X.509 certificate. */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.length > MAX_CERTIFICATE_BYTES) throw refused('it is larger than 8 KiB');
  // A copy: what was judged may not change afterwards with the buffer it came in.
  const bytes = Uint8Array.from(der);
  try {
    return parsed(bytes);
  } catch (error) {
    throw refused(isAppError(error) ? String(error.details.reason) : 'it has not the parts of one', error);
  }
}

/**
 * Certificates out of PEM text, in its order; text between them is passed over. The bounds are those of a chain in a message of a station.
 * Throws INVALID when there is none, more than `most`, or one that cannot be read.
 */
export function readCertificatesPem(
  text: string,
  { most = MAX_CERTIFICATES, mostCharacters = MAX_CHAIN_CHARACTERS }: PemBounds = {},
  held: HeldCertificates = () => undefined,
): readonly Certificate[] {
  if (text.length > mostCharacters) throw refused('there is too much of it');
  const begun = text.split(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/).length - 1;
  const blocks = [...text.matchAll(PEM)].map((match) => match[1]!.replace(/\s/g, ''));
  if (blocks.length === 0 || blocks.length !== begun) throw refused('it holds no whole PEM block of one');
  if (blocks.length > most) throw refused(`it holds more than ${most}`);
  return blocks.map((block) => {
    const der = fromBase64(block);
    return held(fingerprintOf(der)) ?? readCertificate(der);
  });
}

/** PEM text of a certificate, 64 columns (RFC 7468). */
export function certificatePem(certificate: Pick<Certificate, 'der'>): string {
  const lines = Buffer.from(certificate.der)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

export function isSelfIssued({ subject, issuer }: Pick<Certificate, 'subject' | 'issuer'>): boolean {
  return sameBytes(subject.der, issuer.der);
}

function parsed(der: Uint8Array): Certificate {
  const signed = readSigned(readDer(der));
  const fields = readDer(signed.content).children;
  const version = fields[0]?.tag === 0xa0 ? fields.shift()! : undefined;
  const [serial, algorithm, issuer, validity, subject, key, ...more] = fields;
  if (signed.rest.length > 0 || !sameBytes(algorithm!.raw, signed.algorithm.raw)) {
    throw unreadable('two signature algorithms'); // RFC 5280 4.1.1.2
  }
  const [notBefore, notAfter] = validity!.as(DER.sequence).children;
  // issuerUniqueID, subjectUniqueID, extensions: each at most once, in this order, and nothing else.
  if (
    !more.every(
      ({ tag }, index) => UNIQUE_IDS_AND_EXTENSIONS.includes(tag) && tag > (more[index - 1]?.tag ?? 0),
    )
  ) {
    throw unreadable('a field that does not belong there');
  }
  const extensions = more.find(({ tag }) => tag === 0xa3);
  if (extensions && version?.children[0]?.unsignedHex !== '2')
    throw unreadable('extensions before version 3');
  return Object.freeze({
    der,
    signed: Object.freeze({
      content: signed.content,
      algorithm: signed.algorithm,
      signature: signed.signature,
    }),
    subject: readName(subject!),
    issuer: readName(issuer!),
    serial: serialOf(serial!),
    notBefore: notBefore!.time,
    notAfter: notAfter!.time,
    key: readKey(key!),
    fingerprint: fingerprintOf(der),
    ...readExtensions(readExtensionList(extensions?.children[0])),
  });
}

function fingerprintOf(der: Uint8Array): string {
  return hex(createHash('sha256').update(der).digest());
}

function serialOf(node: DerNode): string {
  const serial = node.unsignedHex;
  if (serial.length > MAX_SERIAL_DIGITS) throw unreadable('a serial number of more than 20 octets');
  return serial;
}

function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, ''))
    throw refused('its Base64 is broken');
  return bytes;
}

function refused(reason: string, cause?: unknown): Error {
  return invalid(
    'TRUST_CERTIFICATE_UNREADABLE',
    `This is not a certificate that can be read: ${reason}.`,
    { reason },
    cause,
  );
}
