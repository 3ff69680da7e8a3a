import { describe, expect, it } from 'vitest';
import { newKey, TestCertificate, testPki } from '@kilowatch/testing/pki';
import { readCertificate } from '@kilowatch/trust';
import { checkAnchor, checkIntermediate } from './trust-purpose.js';

const now = new Date('2026-11-29T12:00:00Z');
const pki = testPki({ now });
const read = ({ der }: TestCertificate) => readCertificate(der);

describe('an anchor', () => {
  it.each([
    ['a V2G root', pki.v2gRoot],
    [
      'a root that allows no authority below it',
      TestCertificate.root({ subject: 'CN=Flat', pathLength: 0, now }),
    ],
  ])('may be %s', (_, root) => {
    expect(() => checkAnchor(read(root), now)).not.toThrow();
  });

  it.each([
    ['an authority below a root', pki.moSub1, /is no root/],
    ['a contract', pki.contract, /certification authority/],
    ['a root that another signed', pki.moRoot.signedBy(newKey('P-256')), /is no root/],
    ['an expired root', TestCertificate.root({ subject: 'CN=Old', from: -9, to: -1, now }), /has expired/],
    ['one that is not valid yet', TestCertificate.root({ subject: 'CN=New', from: 1, now }), /not valid yet/],
    [
      'a weak root',
      TestCertificate.root({ subject: 'CN=Weak', key: newKey('RSA-1024', 'anchor'), now }),
      /too weak|no root/,
    ],
    ['no authority', TestCertificate.root({ subject: 'CN=Self', ca: false, now }), /certification authority/],
  ])('is not %s', (_, certificate, message) => {
    expect(() => checkAnchor(read(certificate), now)).toThrow(message);
  });
});

describe('an intermediate', () => {
  it('is an authority below a root, whether or not that is known', () => {
    expect(() => checkIntermediate(read(pki.moSub2))).not.toThrow();
  });

  it.each([
    ['a contract', pki.contract, /no certification authority/],
    ['a root', pki.moRoot, /import it as an anchor/],
    [
      'an authority with a weak key',
      pki.moRoot.issue({ subject: 'CN=Weak', ca: true, key: newKey('RSA-1024', 'anchor'), now }),
      /not believed: RSA 1024/,
    ],
  ])('is not %s', (_, certificate, message) => {
    expect(() => checkIntermediate(read(certificate))).toThrow(message);
  });
});
