import { createHash } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Time,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { CaKey } from './ca-key.js';
import { bufferOf, derOf, nameOf, signatureAlgorithm } from './x509-parts.js';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ID = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  crl: '2.5.29.31',
  authorityKey: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

export interface LeafContent {
  readonly serial: Uint8Array;
  readonly commonName: string;
  readonly organisation: string;
  /** TLS client towards us; TLS server towards cars, with DC=CPO (ISO 15118-2 Annex F). */
  readonly towardsUs: boolean;
  readonly towardsCars: boolean;
  readonly publicKey: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Where its revocation can be read; empty: nowhere. */
  readonly crlUrl: string;
}

export interface LeafIssuer {
  /** Subject of the CA's certificate, DER. */
  readonly subject: Uint8Array;
  readonly keyId: Uint8Array;
  readonly key: CaKey;
}

/** A leaf as our authority writes it: nothing of it is copied from a request but the public key. DER. */
export async function writeLeaf(content: LeafContent, issuer: LeafIssuer): Promise<Uint8Array> {
  const algorithm = signatureAlgorithm(issuer.key.algorithm);
  const subject = nameOf([
    ['O', content.organisation],
    ['CN', content.commonName],
    ['DC', content.towardsCars ? 'CPO' : ''],
  ]);
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: bufferOf(content.serial),
    signature: algorithm,
    issuer: AsnConvert.parse(issuer.subject, Name),
    validity: new Validity({ notBefore: content.notBefore, notAfter: content.notAfter }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(content.publicKey, SubjectPublicKeyInfo),
    extensions: new Extensions(extensionsOf(content, issuer.keyId)),
  });
  return signed(tbsCertificate, issuer.key);
}

export async function signed(tbsCertificate: TBSCertificate, key: CaKey): Promise<Uint8Array> {
  const signature = await key.sign(derOf(tbsCertificate));
  return derOf(
    new Certificate({
      tbsCertificate,
      signatureAlgorithm: signatureAlgorithm(key.algorithm),
      signatureValue: bufferOf(signature),
    }),
  );
}

/** RFC 5280 4.2.1.2 method 1. */
export function keyIdOf(publicKey: Uint8Array): Uint8Array {
  const { subjectPublicKey } = AsnConvert.parse(publicKey, SubjectPublicKeyInfo);
  return createHash('sha1').update(new Uint8Array(subjectPublicKey)).digest();
}

export function extension(extnID: string, value: unknown, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(derOf(value)) });
}

export function authorityKey(keyId: Uint8Array): Extension {
  const identifier = new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(bufferOf(keyId)) });
  return extension(ID.authorityKey, identifier);
}

function extensionsOf(content: LeafContent, issuerKeyId: Uint8Array): Extension[] {
  const { digitalSignature, keyAgreement } = KeyUsageFlags;
  const usage = content.towardsCars ? digitalSignature | keyAgreement : digitalSignature;
  const purposes = [
    ...(content.towardsUs ? [CLIENT_AUTH] : []),
    ...(content.towardsCars ? [SERVER_AUTH] : []),
  ];
  const points = new CRLDistributionPoints([
    new DistributionPoint({
      distributionPoint: new DistributionPointName({
        fullName: [new GeneralName({ uniformResourceIdentifier: content.crlUrl })],
      }),
    }),
  ]);
  return [
    extension(ID.basicConstraints, new BasicConstraints({ cA: false }), true),
    extension(ID.keyUsage, new KeyUsage(usage), true),
    extension(ID.extendedKeyUsage, new ExtendedKeyUsage(purposes)),
    extension(ID.subjectKey, new SubjectKeyIdentifier(bufferOf(keyIdOf(content.publicKey)))),
    authorityKey(issuerKeyId),
    ...(content.crlUrl === '' ? [] : [extension(ID.crl, points)]),
  ];
}

/** A root of its own, for development and tests. DER. */
export async function writeRoot(
  {
    commonName,
    organisation,
    serial,
    notBefore,
    notAfter,
  }: Omit<LeafContent, 'publicKey' | 'towardsUs' | 'towardsCars' | 'crlUrl'>,
  key: CaKey,
): Promise<Uint8Array> {
  const subject = nameOf([
    ['O', organisation],
    ['CN', commonName],
  ]);
  const { keyCertSign, cRLSign } = KeyUsageFlags;
  return signed(
    new TBSCertificate({
      version: Version.v3,
      serialNumber: bufferOf(serial),
      signature: signatureAlgorithm(key.algorithm),
      issuer: subject,
      validity: new Validity({ notBefore, notAfter }),
      subject,
      subjectPublicKeyInfo: AsnConvert.parse(key.publicKey, SubjectPublicKeyInfo),
      extensions: new Extensions([
        extension(ID.basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
        extension(ID.keyUsage, new KeyUsage(keyCertSign | cRLSign), true),
        extension(ID.subjectKey, new SubjectKeyIdentifier(bufferOf(keyIdOf(key.publicKey)))),
      ]),
    }),
    key,
  );
}

export function timeOf(date: Date): Time {
  return new Time(date);
}
