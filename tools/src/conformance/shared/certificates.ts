/** Stations of the suite do not look into certificates: these only have the form. */
const BODY = 'MIIBkTCB+wIJAKHBfpEgcMFvMA0GCSqGSIb3DQEBCwUAMBExDzANBgNVBAMMBktXVEVTVDAe';

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----\n${BODY}\n-----END CERTIFICATE-----\n`;
export const CSR = `-----BEGIN CERTIFICATE REQUEST-----\n${BODY}\n-----END CERTIFICATE REQUEST-----\n`;
export const SIGNATURE = 'c2lnbmF0dXJlIG9mIHRoZSBmaXJtd2FyZQ==';
export const HASH = {
  hashAlgorithm: 'SHA256',
  issuerNameHash: 'aa'.repeat(32),
  issuerKeyHash: 'bb'.repeat(32),
  serialNumber: '1234',
};
