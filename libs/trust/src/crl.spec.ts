import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crl, strangeExtension, TestCertificate, type WantedCrl } from '@kilowatch/testing/pki';
import { readCertificate } from './certificate.js';
import { lookUpInCrl, readCrl } from './crl.js';

const now = new Date('2026-11-29T12:00:00Z');
const root = TestCertificate.root({ subject: 'CN=MO Sub2', now });
const stranger = TestCertificate.root({ subject: 'CN=MO Sub2', now });
const at = new Date('2026-11-01T10:00:00Z');
const revoked = [
  { serial: 'a0', at, reason: 4 },
  { serial: '7fff', at },
];

function ask(wanted: Partial<WantedCrl>, serial = '1', maxAgeMs = 86_400_000) {
  const reading = readCrl(crl({ issuer: root, revoked, now, ...wanted }), readCertificate(root.der));
  return reading.ok
    ? lookUpInCrl(reading.crl, { serial, at: now, maxAgeMs })
    : { status: 'UNUSABLE', code: reading.code };
}

describe('certificate revocation list', () => {
  it('says revoked of what it lists, and good of all else', () => {
    expect(ask({}, 'a0')).toMatchObject({ status: 'REVOKED', revokedAt: at, reason: 'SUPERSEDED' });
    expect(ask({}, '7fff')).toMatchObject({ status: 'REVOKED', reason: 'UNSPECIFIED' });
    expect(ask({}, 'a1')).toEqual({
      status: 'GOOD',
      thisUpdate: new Date('2026-11-29T11:00:00Z'),
      nextUpdate: new Date('2026-11-30T12:00:00Z'),
    });
    expect(ask({ revoked: [] }, 'a0')).toMatchObject({ status: 'GOOD' });
  });

  it.each([
    ['another of that name signed it', { signer: stranger }, 'SIGNATURE_BAD'],
    [
      'it is of another issuer',
      { issuer: TestCertificate.root({ subject: 'CN=Else', now }) },
      'SIGNER_UNKNOWN',
    ],
    ['it is signed with SHA-1', { hash: 'sha1' }, 'SIGNATURE_WEAK'],
    ['its nextUpdate is past', { thisUpdate: -48, nextUpdate: -1 }, 'STALE'],
    ['it is of the future', { thisUpdate: 1 }, 'NOT_YET_VALID'],
    ['it has no nextUpdate and is too old', { thisUpdate: -25, nextUpdate: null }, 'STALE'],
    ['it lists changes only', { extra: [strangeExtension(true, '2.5.29.27')] }, 'PARTIAL'],
    ['it is for some certificates only', { extra: [strangeExtension(true, '2.5.29.28')] }, 'PARTIAL'],
    [
      'it has a critical extension nobody knows',
      { extra: [strangeExtension(true)] },
      'CRITICAL_EXTENSION_UNKNOWN',
    ],
    [
      'an entry is of another issuer',
      { revoked: [{ serial: '2', at, extra: [strangeExtension(true, '2.5.29.29')] }] },
      'CRITICAL_EXTENSION_UNKNOWN',
    ],
  ] as [string, Partial<WantedCrl>, string][])('is no answer when %s', (_, wanted, code) => {
    expect(ask(wanted)).toEqual({ status: 'UNUSABLE', code });
  });

  it('is no answer of an issuer whose key usage does not allow it', () => {
    const issuer = TestCertificate.root({ subject: 'CN=MO Sub2', usage: 1 << 5, now });
    expect(readCrl(crl({ issuer, now }), readCertificate(issuer.der))).toEqual({
      ok: false,
      code: 'SIGNER_NOT_ALLOWED',
    });
  });

  it('loses no entry of any serial number', () => {
    const serials = fc.uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 159n - 1n }), {
      minLength: 1,
      maxLength: 30,
    });
    const issuer = readCertificate(root.der);
    fc.assert(
      fc.property(serials, (numbers) => {
        const list = readCrl(
          crl({ issuer: root, revoked: numbers.map((one) => ({ serial: one.toString(16), at })), now }),
          issuer,
        );
        expect(list.ok && [...list.crl.entries.keys()]).toEqual(numbers.map((one) => one.toString(16)));
      }),
      { numRuns: 30 },
    );
  });

  it('is not gone through before it is known that its issuer signed it', () => {
    const twice = [strangeExtension(false), strangeExtension(false)];
    const unreadable = { revoked: [{ serial: '2', at, extra: twice }] };
    expect(ask(unreadable)).toMatchObject({ code: 'MALFORMED' });
    expect(ask({ ...unreadable, signer: stranger })).toMatchObject({ code: 'SIGNATURE_BAD' });
  });

  it('says how much memory it takes, which grows with its entries', () => {
    const issuer = readCertificate(root.der);
    const size = (count: number) => {
      const many = Array.from({ length: count }, (_, index) => ({ serial: (index + 1).toString(16), at }));
      const reading = readCrl(crl({ issuer: root, revoked: many, now }), issuer);
      return reading.ok ? reading.crl.bytes : 0;
    };
    expect(size(0)).toBeGreaterThan(0);
    expect(size(100) - size(0)).toBeGreaterThanOrEqual(100 * 100);
  });

  it.each([
    ['cut', crl({ issuer: root, revoked, now }).subarray(0, 100)],
    ['a certificate', root.der],
    ['text', Buffer.from('x')],
    ['larger than 1 MiB', Buffer.alloc(1024 * 1024 + 1)],
  ])('that is %s is no answer', (_, bytes) => {
    expect(readCrl(bytes, readCertificate(root.der))).toMatchObject({ ok: false });
  });
});
