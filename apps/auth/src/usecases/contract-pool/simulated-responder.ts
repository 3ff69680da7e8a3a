import { createHash, webcrypto } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  CertStatus,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nonce,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  ResponderID,
  ResponseBytes,
  ResponseData,
  SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate } from '@peculiar/asn1-x509';
import type { X509Certificate } from '@peculiar/x509';

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const HOUR_MS = 3_600_000;
const MALFORMED = Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x01);

/**
 * The responder of a simulated mobility operator (RFC 6960): all of its contracts are good, others are unknown to it. So that whoever
 * tries plug and charge on one machine sees the certificates asked about, and needs no exception of the trust policy.
 */
export async function simulatedOcspAnswer(
  question: Uint8Array,
  root: X509Certificate,
  signingKey: webcrypto.CryptoKey,
  now: Date,
): Promise<Uint8Array> {
  const issuer = AsnConvert.parse(root.rawData, Certificate).tbsCertificate;
  let request: OCSPRequest;
  try {
    request = AsnConvert.parse(question, OCSPRequest);
  } catch {
    return MALFORMED;
  }
  const keyBits = new Uint8Array(issuer.subjectPublicKeyInfo.subjectPublicKey);
  const name = new Uint8Array(AsnConvert.serialize(issuer.subject));
  const isOurs = ({ hashAlgorithm, issuerNameHash, issuerKeyHash }: CertID): boolean => {
    const hash = HASHES[hashAlgorithm.algorithm];
    const same = (held: OctetString, data: Uint8Array) =>
      hash !== undefined && createHash(hash).update(data).digest().equals(new Uint8Array(held.buffer));
    return same(issuerNameHash, name) && same(issuerKeyHash, keyBits);
  };
  const at = (offset: number) => new Date(Math.floor((now.getTime() + offset) / 1_000) * 1_000);
  const data = new ResponseData({
    responderID: new ResponderID({ byKey: new OctetString(createHash('sha1').update(keyBits).digest()) }),
    producedAt: at(0),
    responses: request.tbsRequest.requestList.map(
      ({ reqCert }) =>
        new SingleResponse({
          certID: reqCert,
          certStatus: isOurs(reqCert) ? new CertStatus({ good: null }) : new CertStatus({ unknown: null }),
          thisUpdate: at(-HOUR_MS),
          nextUpdate: at(HOUR_MS),
        }),
    ),
  });
  const nonce = request.tbsRequest.requestExtensions?.find(({ extnID }) => extnID === id_pkix_ocsp_nonce);
  if (nonce) data.responseExtensions = [nonce];
  const signed = await webcrypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    signingKey,
    AsnConvert.serialize(data),
  );
  const basic = new BasicOCSPResponse({
    tbsResponseData: data,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: ECDSA_SHA256 }),
    signature: asDer(Buffer.from(signed)),
  });
  return new Uint8Array(
    AsnConvert.serialize(
      new OCSPResponse({
        responseStatus: OCSPResponseStatus.successful,
        responseBytes: new ResponseBytes({
          responseType: id_pkix_ocsp_basic,
          response: new OctetString(AsnConvert.serialize(basic)),
        }),
      }),
    ),
  );
}

/** WebCrypto gives r and s side by side; X.509 wants them as a SEQUENCE of two INTEGERs. */
function asDer(raw: Buffer): ArrayBuffer {
  const [r, s] = [raw.subarray(0, raw.length / 2), raw.subarray(raw.length / 2)].map((half) => {
    const bytes = half.subarray(half.findIndex((byte) => byte !== 0));
    const body = bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
    return Buffer.concat([Buffer.of(0x02, body.length), body]);
  }) as [Buffer, Buffer];
  return new Uint8Array(Buffer.concat([Buffer.of(0x30, r.length + s.length), r, s])).buffer;
}
