import { signingRequest, TestCertificate } from '@kilowatch/testing/pki';

/** Stations of the suite do not look into certificates; we do. */
export const CERTIFICATE = TestCertificate.root({ subject: 'CN=Conformance manufacturer' }).pem;
/** Of nobody that is known here. */
export const CSR = signingRequest({ subject: 'CN=somebody' });
export const SIGNATURE = 'c2lnbmF0dXJlIG9mIHRoZSBmaXJtd2FyZQ==';
export const HASH = {
  hashAlgorithm: 'SHA256',
  issuerNameHash: 'aa'.repeat(32),
  issuerKeyHash: 'bb'.repeat(32),
  serialNumber: '1234',
};
