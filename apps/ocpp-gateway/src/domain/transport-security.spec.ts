import { describe, expect, it } from 'vitest';
import { certificateFault, offeredProfile, type ShownCertificate } from './transport-security.js';

const none: ShownCertificate = { kind: 'not_asked' };
type Shown = ShownCertificate & { kind: 'shown' };
const missing: ShownCertificate = { kind: 'missing' };
const shown: Shown = {
  kind: 'shown',
  der: new Uint8Array(),
  commonName: 'CP-1',
  chain: [],
  fault: undefined,
};
const distrusted: ShownCertificate = { ...shown, fault: 'client_certificate_untrusted' };

describe('the profile that a connection offers', () => {
  it.each([
    [false, none, false, 0],
    [false, none, true, 1],
    [true, none, true, 2],
    [true, none, false, 0],
    [true, missing, true, 2],
    [true, missing, false, 0],
    [true, shown, false, 3],
    [true, distrusted, true, 3],
  ])('secure %s, certificate %j, password %s: %i', (secure, certificate, hasPassword, profile) => {
    expect(offeredProfile({ secure, certificate }, hasPassword)).toBe(profile);
  });
});

describe('a certificate that was not trusted', () => {
  it.each([
    ['CERT_HAS_EXPIRED', 'client_certificate_expired'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'client_certificate_untrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'client_certificate_untrusted'],
    ['CERT_NOT_YET_VALID', 'client_certificate_untrusted'],
    ['', 'client_certificate_untrusted'],
  ])('%s is %s', (error, fault) => {
    expect(certificateFault(error)).toBe(fault);
  });
});
