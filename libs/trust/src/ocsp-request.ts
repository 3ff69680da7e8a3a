/** OCSP requests (RFC 6960 4.1), to be sent as binary DER by POST, content type application/ocsp-request. One certificate, not signed. */
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { CertID, OCSPRequest, Request, TBSRequest, id_pkix_ocsp_nonce } from '@peculiar/asn1-ocsp';
import { AlgorithmIdentifier, Extension } from '@peculiar/asn1-x509';
import { invalid } from '@kilowatch/kernel';
import { HASHES, type CertificateId } from './hash-data.js';

/** RFC 8954 allows 1 to 32 octets; below 16 a nonce proves little. */
const NONCE_BYTES = { least: 16, most: 32 };

/** `nonce` is random and the caller's, who compares it with the response's. */
export function encodeOcspRequest(id: CertificateId, nonce?: Uint8Array): Uint8Array {
  if (nonce && (nonce.length < NONCE_BYTES.least || nonce.length > NONCE_BYTES.most)) {
    throw invalid('TRUST_NONCE', 'A nonce has 16 to 32 bytes.');
  }
  const request = new OCSPRequest({
    tbsRequest: new TBSRequest({
      requestList: [new Request({ reqCert: certIdOf(id) })],
      ...(nonce && { requestExtensions: [nonceExtension(nonce)] }),
    }),
  });
  return new Uint8Array(AsnConvert.serialize(request));
}

function certIdOf(id: CertificateId): CertID {
  return new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: HASHES[id.hashAlgorithm].oid, parameters: null }),
    issuerNameHash: new OctetString(bytes(id.issuerNameHash)),
    issuerKeyHash: new OctetString(bytes(id.issuerKeyHash)),
    serialNumber: bytes(serialContent(id.serialNumber)),
  });
}

/** Whole bytes, and one more in front where the highest bit would make the number negative. */
function serialContent(serial: string): string {
  const whole = serial.length % 2 === 0 ? serial : `0${serial}`;
  return Number.parseInt(whole.slice(0, 2), 16) >= 0x80 ? `00${whole}` : whole;
}

/** The extension's value is an OCTET STRING around the nonce (RFC 8954 section 2.1). */
function nonceExtension(nonce: Uint8Array): Extension {
  const value = AsnConvert.serialize(new OctetString(nonce));
  return new Extension({ extnID: id_pkix_ocsp_nonce, extnValue: new OctetString(value) });
}

function bytes(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text, 'hex')).buffer;
}
