import { OctetString } from '@peculiar/asn1-schema';
import * as x from '@peculiar/asn1-x509';
import { der, signerOf, type Hash } from './keys.js';
import { extension, serialBytes, type TestCertificate } from './test-certificate.js';

const HOUR_MS = 3_600_000;

export interface WantedCrl {
  readonly issuer: TestCertificate;
  readonly revoked?: readonly { serial: string; at: Date; reason?: number; extra?: readonly x.Extension[] }[];
  /** Hours from `now`; null leaves nextUpdate out. */
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
  readonly now?: Date;
  /** Who signs, when it is not the issuer. */
  readonly signer?: TestCertificate;
  readonly hash?: Hash;
  readonly extra?: readonly x.Extension[];
}

export function crl(wanted: WantedCrl): Uint8Array {
  const { issuer, revoked = [], thisUpdate = -1, nextUpdate = 24, now = new Date() } = wanted;
  const at = (hours: number) => new x.Time(new Date(now.getTime() + hours * HOUR_MS));
  const signer = signerOf((wanted.signer ?? issuer).key, wanted.hash);
  const number = new x.Extension({ extnID: '2.5.29.20', extnValue: new OctetString(Uint8Array.of(2, 1, 7)) });
  const tbsCertList = new x.TBSCertList({
    version: x.Version.v2,
    signature: signer.algorithm,
    issuer: issuer.name,
    thisUpdate: at(thisUpdate),
    ...(nextUpdate !== null && { nextUpdate: at(nextUpdate) }),
    ...(revoked.length > 0 && { revokedCertificates: revoked.map(entryOf) }),
    crlExtensions: [number, ...(wanted.extra ?? [])],
  });
  const signature = signer.sign(der(tbsCertList));
  return der(new x.CertificateList({ tbsCertList, signatureAlgorithm: signer.algorithm, signature }));
}

function entryOf(entry: NonNullable<WantedCrl['revoked']>[number]): x.RevokedCertificate {
  const { serial, at, reason, extra = [] } = entry;
  const reasons = reason === undefined ? [] : [extension('2.5.29.21', new x.CRLReason(reason))];
  return new x.RevokedCertificate({
    userCertificate: serialBytes(serial),
    revocationDate: new x.Time(at),
    ...([...reasons, ...extra].length > 0 && { crlEntryExtensions: [...reasons, ...extra] }),
  });
}
