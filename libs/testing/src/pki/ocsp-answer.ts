import { createHash } from 'node:crypto';
import { OctetString } from '@peculiar/asn1-schema';
import * as o from '@peculiar/asn1-ocsp';
import * as x from '@peculiar/asn1-x509';
import { bytes, der, signerOf, type Hash } from './keys.js';
import { extension, serialBytes, type TestCertificate } from './test-certificate.js';

const HOUR_MS = 3_600_000;
export const HASH_OIDS = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const;
export type CertIdHash = keyof typeof HASH_OIDS;

export type TestStatus = 'good' | 'unknown' | { readonly revokedAt: Date; readonly reason?: number };

export interface WantedAnswer {
  readonly issuer: TestCertificate;
  readonly serial: string;
  readonly status?: TestStatus;
  readonly hash?: CertIdHash;
  /** Hours from `now`; null leaves nextUpdate out. */
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
}

export interface WantedOcspResponse {
  readonly answers: readonly WantedAnswer[];
  /** Whose key signs; it is also whom the response names as its responder. */
  readonly signer: TestCertificate;
  readonly certificates?: readonly TestCertificate[];
  readonly named?: 'key' | 'name';
  readonly nonce?: Uint8Array;
  readonly now?: Date;
  readonly signatureHash?: Hash;
  readonly extra?: readonly x.Extension[];
  /** Flips a bit of the signature. */
  readonly tampered?: boolean;
}

export function ocspResponse(wanted: WantedOcspResponse): Uint8Array {
  const { signer, now = new Date(), nonce } = wanted;
  const data = new o.ResponseData({
    responderID:
      wanted.named === 'name'
        ? new o.ResponderID({ byName: signer.name })
        : new o.ResponderID({ byKey: new OctetString(hashed('sha1', signer.keyBits)) }),
    producedAt: whole(now),
    responses: wanted.answers.map((answer) => singleResponse(answer, now)),
  });
  const extensions = [
    ...(nonce ? [extension(o.id_pkix_ocsp_nonce, new OctetString(nonce))] : []),
    ...(wanted.extra ?? []),
  ];
  if (extensions.length > 0) data.responseExtensions = extensions;
  const { algorithm, sign } = signerOf(signer.key, wanted.signatureHash);
  const signature = new Uint8Array(sign(der(data)));
  if (wanted.tampered) signature[signature.length - 1]! ^= 1;
  const basic = new o.BasicOCSPResponse({
    tbsResponseData: data,
    signatureAlgorithm: algorithm,
    signature: bytes(signature),
    ...(wanted.certificates && { certs: wanted.certificates.map(({ parsed }) => parsed) }),
  });
  return der(
    new o.OCSPResponse({
      responseStatus: o.OCSPResponseStatus.successful,
      responseBytes: new o.ResponseBytes({
        responseType: o.id_pkix_ocsp_basic,
        response: new OctetString(der(basic)),
      }),
    }),
  );
}

/** A responder that says no: 1 malformedRequest, 2 internalError, 3 tryLater, 5 sigRequired, 6 unauthorized. */
export function ocspFailure(responseStatus: 1 | 2 | 3 | 5 | 6): Uint8Array {
  return Uint8Array.of(0x30, 0x03, 0x0a, 0x01, responseStatus);
}

function singleResponse(answer: WantedAnswer, now: Date): o.SingleResponse {
  const { hash = 'sha256', thisUpdate = -1, nextUpdate = 1, status = 'good' } = answer;
  const at = (hours: number) => whole(new Date(now.getTime() + hours * HOUR_MS));
  return new o.SingleResponse({
    certID: new o.CertID({
      hashAlgorithm: new x.AlgorithmIdentifier({ algorithm: HASH_OIDS[hash], parameters: null }),
      issuerNameHash: new OctetString(hashed(hash, der(answer.issuer.name))),
      issuerKeyHash: new OctetString(hashed(hash, answer.issuer.keyBits)),
      serialNumber: serialBytes(answer.serial),
    }),
    certStatus: statusOf(status),
    thisUpdate: at(thisUpdate),
    ...(nextUpdate !== null && { nextUpdate: at(nextUpdate) }),
  });
}

function statusOf(status: TestStatus): o.CertStatus {
  if (status === 'good') return new o.CertStatus({ good: null });
  if (status === 'unknown') return new o.CertStatus({ unknown: null });
  const revoked = new o.RevokedInfo({ revocationTime: whole(status.revokedAt) });
  if (status.reason !== undefined) revoked.revocationReason = new x.CRLReason(status.reason);
  return new o.CertStatus({ revoked });
}

/** DER times have no fractions. */
function whole(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1_000) * 1_000);
}

function hashed(hash: string, data: Uint8Array): Uint8Array {
  return createHash(hash).update(data).digest();
}
