import {
  CertificateList,
  CRLNumber,
  CRLReason,
  CRLReasons,
  Extension,
  Name,
  RevokedCertificate,
  TBSCertList,
  Version,
} from '@peculiar/asn1-x509';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { RevocationReason } from '../../domain/station-certificate.js';
import type { RevokedCertificate as Revoked } from './certificate-authority.js';
import { authorityKey, extension, timeOf, type LeafIssuer } from './write-certificate.js';
import { bufferOf, derOf, signatureAlgorithm } from './x509-parts.js';

const CRL_NUMBER = '2.5.29.20';
const REASON = '2.5.29.21';

const REASONS: Readonly<Record<RevocationReason, CRLReasons>> = {
  UNSPECIFIED: CRLReasons.unspecified,
  KEY_COMPROMISE: CRLReasons.keyCompromise,
  AFFILIATION_CHANGED: CRLReasons.affiliationChanged,
  SUPERSEDED: CRLReasons.superseded,
  CESSATION_OF_OPERATION: CRLReasons.cessationOfOperation,
};

/** A certificate revocation list (RFC 5280 section 5), DER. `number` grows with each. */
export async function writeCrl(
  revoked: readonly Revoked[],
  window: { readonly thisUpdate: Date; readonly nextUpdate: Date; readonly number: number },
  issuer: LeafIssuer,
): Promise<Uint8Array> {
  const { key } = issuer;
  const list = new TBSCertList({
    version: Version.v2,
    signature: signatureAlgorithm(key.algorithm),
    issuer: AsnConvert.parse(issuer.subject, Name),
    thisUpdate: timeOf(window.thisUpdate),
    nextUpdate: timeOf(window.nextUpdate),
    // RFC 5280 5.1.2.6: absent when there are none.
    ...(revoked.length === 0 ? {} : { revokedCertificates: revoked.map(entryOf) }),
    crlExtensions: [authorityKey(issuer.keyId), extension(CRL_NUMBER, new CRLNumber(window.number))],
  });
  const signature = await key.sign(derOf(list));
  return derOf(
    new CertificateList({
      tbsCertList: list,
      signatureAlgorithm: signatureAlgorithm(key.algorithm),
      signature: bufferOf(signature),
    }),
  );
}

function entryOf({ serial, revokedAt, reason }: Revoked): RevokedCertificate {
  const extensions: Extension[] =
    // RFC 5280 5.3.1: left out rather than said to be unspecified.
    reason === 'UNSPECIFIED' ? [] : [extension(REASON, new CRLReason(REASONS[reason]))];
  return new RevokedCertificate({
    userCertificate: bufferOf(Buffer.from(padded(serial), 'hex')),
    revocationDate: timeOf(revokedAt),
    ...(extensions.length === 0 ? {} : { crlEntryExtensions: extensions }),
  });
}

/** Whole bytes, and none that reads as a negative number. */
function padded(serial: string): string {
  const even = serial.length % 2 === 0 ? serial : `0${serial}`;
  return Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even;
}
