/** Extensions of certificates (RFC 5280 4.2): those the rules need, and which critical ones nobody here understands. */
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityInfoAccessSyntax,
  AuthorityKeyIdentifier,
  CRLDistributionPoints,
  ExtendedKeyUsage,
  KeyUsage as KeyUsageBits,
  type KeyUsageType,
} from '@peculiar/asn1-x509';
import { DER, hex, readDer, unreadable, type DerNode } from './der.js';

const ID = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
} as const;
/** Policies are known and asked for by nobody: any policy will do (RFC 5280 6.1.1 c). Name constraints are refused by the path. */
const KNOWN = new Set<string>(Object.values(ID));
const AIA_OCSP = '1.3.6.1.5.5.7.48.1';
/** More addresses than this are no help to anyone. */
const MAX_URLS = 4;
const MAX_URL_LENGTH = 1_000;
const MAX_EXTENSIONS = 40;

export type KeyUsage = KeyUsageType;

export interface CertificateExtensions {
  /** Undefined: the extension is not there, which makes no CA. */
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
  /** Undefined: not restricted. */
  readonly keyUsage: readonly KeyUsage[] | undefined;
  /** Object identifiers; undefined: not restricted. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** For these purposes and no other, whoever asks (RFC 5280 4.2.1.12). */
  readonly extendedKeyUsageCritical: boolean;
  /** Hex. Hints for finding an issuer, never a proof. */
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** As the certificate says: to be trusted no more than the certificate is, and asked only within an allow list. */
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly hasNameConstraints: boolean;
  /** Of a responder: its own revocation need not be asked (RFC 6960 4.2.2.2.1). */
  readonly ocspNoCheck: boolean;
  readonly unknownCritical: readonly string[];
}

export interface Extension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** A list of extensions as it stands in certificates, CRLs, OCSP responses and signing requests. */
export function readExtensionList(node: DerNode | undefined): readonly Extension[] {
  const found = (node?.as(DER.sequence).children ?? []).map((item) => {
    const parts = item.as(DER.sequence).children;
    const value = parts[parts.length - 1]!.as(DER.octetString).content;
    if (parts.length < 2 || parts.length > 3) throw unreadable('an extension of wrong parts');
    return { id: parts[0]!.oid, critical: parts.length === 3 && parts[1]!.boolean, value };
  });
  if (found.length > MAX_EXTENSIONS || new Set(found.map(({ id }) => id)).size < found.length) {
    throw unreadable('an extension twice, or too many'); // RFC 5280 4.2
  }
  return found;
}

export function readExtensions(list: readonly Extension[]): CertificateExtensions {
  const value = (id: string) => list.find((extension) => extension.id === id)?.value;
  const as = <T>(id: string, read: (bytes: Uint8Array) => T): T | undefined => {
    const bytes = value(id);
    return bytes === undefined ? undefined : read(bytes);
  };
  return Object.freeze({
    basicConstraints: as(ID.basicConstraints, basicConstraints),
    keyUsage: as(ID.keyUsage, (bytes) => Object.freeze(AsnConvert.parse(bytes, KeyUsageBits).toJSON())),
    extendedKeyUsage: as(ID.extendedKeyUsage, (bytes) =>
      Object.freeze([...AsnConvert.parse(bytes, ExtendedKeyUsage)]),
    ),
    extendedKeyUsageCritical: list.some(({ id, critical }) => critical && id === ID.extendedKeyUsage),
    subjectKeyId: as(ID.subjectKeyId, (bytes) => hex(readDer(bytes).as(DER.octetString).content)),
    authorityKeyId: as(ID.authorityKeyId, (bytes) => {
      const { keyIdentifier } = AsnConvert.parse(bytes, AuthorityKeyIdentifier);
      return keyIdentifier instanceof OctetString ? hex(new Uint8Array(keyIdentifier.buffer)) : undefined;
    }),
    ocspUrls: urls(as(ID.authorityInfoAccess, ocspUrls)),
    crlUrls: urls(as(ID.crlDistributionPoints, crlUrls)),
    hasNameConstraints: value(ID.nameConstraints) !== undefined,
    ocspNoCheck: value(ID.ocspNoCheck) !== undefined,
    unknownCritical: Object.freeze(
      list.filter(({ id, critical }) => critical && !KNOWN.has(id)).map(({ id }) => id),
    ),
  });
}

function basicConstraints(bytes: Uint8Array): CertificateExtensions['basicConstraints'] {
  const parts = readDer(bytes).as(DER.sequence).children;
  const ca = parts[0]?.tag === DER.boolean && parts[0].boolean;
  const length = parts[0]?.tag === DER.boolean ? parts[1] : parts[0];
  return Object.freeze({ ca, pathLength: length && Number.parseInt(length.unsignedHex, 16) });
}

function ocspUrls(bytes: Uint8Array): (string | undefined)[] {
  return [...AsnConvert.parse(bytes, AuthorityInfoAccessSyntax)]
    .filter(({ accessMethod }) => accessMethod === AIA_OCSP)
    .map(({ accessLocation }) => accessLocation.uniformResourceIdentifier);
}

function crlUrls(bytes: Uint8Array): (string | undefined)[] {
  return [...AsnConvert.parse(bytes, CRLDistributionPoints)].flatMap(({ distributionPoint }) =>
    (distributionPoint?.fullName ?? []).map((name) => name.uniformResourceIdentifier),
  );
}

function urls(found: readonly (string | undefined)[] = []): readonly string[] {
  const usable = found.filter((url): url is string => url !== undefined && url.length <= MAX_URL_LENGTH);
  return Object.freeze([...new Set(usable)].slice(0, MAX_URLS));
}
