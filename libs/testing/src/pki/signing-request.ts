import { AsnConvert } from '@peculiar/asn1-schema';
import { Attributes, CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import * as x from '@peculiar/asn1-x509';
import { bytes, der, newKey, signerOf, type Hash, type KeyKind, type TestKey } from './keys.js';
import { nameOf } from './names.js';
import { pemOf } from './test-certificate.js';

export interface WantedRequest {
  readonly subject: string;
  readonly key?: KeyKind | TestKey;
  readonly extensions?: readonly x.Extension[];
  readonly hash?: Hash;
  /** Signed by a key that is not the one asked for. */
  readonly signer?: TestKey;
}

/** A PKCS#10 request, PEM. */
export function signingRequest(wanted: WantedRequest): string {
  const { extensions = [], key = 'P-256' } = wanted;
  const own = typeof key === 'string' ? newKey(key) : key;
  const spki = own.publicKey.export({ type: 'spki', format: 'der' });
  const attribute = new x.Attribute({
    type: '1.2.840.113549.1.9.14',
    values: [bytes(der(new x.Extensions([...extensions])))],
  });
  const info = new CertificationRequestInfo({
    subject: nameOf(wanted.subject),
    subjectPKInfo: AsnConvert.parse(spki, x.SubjectPublicKeyInfo),
    attributes: new Attributes(extensions.length > 0 ? [attribute] : []),
  });
  const signer = signerOf(wanted.signer ?? own, wanted.hash);
  const request = new CertificationRequest({
    certificationRequestInfo: info,
    signatureAlgorithm: signer.algorithm,
    signature: signer.sign(der(info)),
  });
  return pemOf(der(request), 'CERTIFICATE REQUEST');
}
