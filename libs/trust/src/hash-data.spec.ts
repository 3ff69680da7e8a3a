import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestCertificate } from '@kilowatch/testing/pki';
import { readCertificate } from './certificate.js';
import { certificateId, isIssuerOf, readHashData, readSerial } from './hash-data.js';

const sub = TestCertificate.root({ subject: 'CN=MO Sub2' });
const sameName = TestCertificate.root({ subject: 'CN=MO Sub2' });
const sameKey = TestCertificate.root({ subject: 'CN=Else', key: sub.key });
const leaf = sub.issue({ subject: 'CN=DE8AA001234567', serial: '0abc' });
const [issuer, leafRead] = [readCertificate(sub.der), readCertificate(leaf.der)];
const ALGORITHMS = ['SHA256', 'SHA384', 'SHA512'] as const;

describe('hash data', () => {
  it.each(ALGORITHMS)(
    'P8: are %s over the DER name and over the bits of the key, the serial without zeros',
    (algorithm) => {
      const id = certificateId(leafRead, issuer, algorithm);
      const hashed = (bytes: Uint8Array) => createHash(algorithm.toLowerCase()).update(bytes).digest('hex');
      expect(id).toEqual({
        hashAlgorithm: algorithm,
        issuerNameHash: hashed(issuer.subject.der),
        issuerKeyHash: hashed(sub.keyBits),
        serialNumber: 'abc',
      });
      expect(isIssuerOf(id, issuer)).toBe(true);
    },
  );

  it('P8: name the authority by name and key both', () => {
    const id = certificateId(leafRead, issuer, 'SHA256');
    const others = [sameName, sameKey].map(({ der }) => readCertificate(der));
    expect([...others, issuer].map((one) => isIssuerOf(id, one))).toEqual([false, false, true]);
  });

  it('are the same in every case and with zeros in front', () => {
    const id = certificateId(leafRead, issuer, 'SHA256');
    const loud = {
      hashAlgorithm: 'SHA256',
      issuerNameHash: id.issuerNameHash.toUpperCase(),
      issuerKeyHash: id.issuerKeyHash.toUpperCase(),
      serialNumber: '0x00ABC',
    };
    expect(readHashData(loud)).toEqual(id);
    expect(readHashData({ ...loud, serialNumber: 'ABC' })).toEqual(id);
  });

  it.each(ALGORITHMS)(
    'P12: of a Josev charger (Base64url of %s, decimal serial) mean the same certificate',
    (algorithm) => {
      const id = certificateId(leafRead, issuer, algorithm);
      for (const end of ['', '=']) {
        const quirky = {
          hashAlgorithm: algorithm,
          issuerNameHash: Buffer.from(id.issuerNameHash, 'hex').toString('base64url') + end,
          issuerKeyHash: Buffer.from(id.issuerKeyHash, 'hex').toString('base64url') + end,
          serialNumber: '2748',
        };
        expect(readHashData(quirky)).toEqual(id);
      }
    },
  );

  it.each([
    ['an unknown algorithm', { hashAlgorithm: 'MD5' }],
    ['an inherited name as algorithm', { hashAlgorithm: 'constructor' }],
    ['a hash of another length', { issuerNameHash: 'ab' }],
    ['hashes of two encodings', { issuerKeyHash: Buffer.alloc(32).toString('base64url') }],
    ['a hash with foreign characters', { issuerKeyHash: 'z'.repeat(64) }],
    ['a serial of text', { serialNumber: 'serial' }],
    ['no serial', { serialNumber: '' }],
    ['a negative serial', { serialNumber: '-1' }],
    ['a serial of 21 octets', { serialNumber: 'f'.repeat(42) }],
  ])('with %s are refused', (_, change) => {
    const id = certificateId(leafRead, issuer, 'SHA256');
    expect(() => readHashData({ ...id, ...change })).toThrow(/^TRUST_HASH_DATA/);
  });

  it('serials are one number in hex and in decimal, however many zeros stand in front', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 159n - 1n }), fc.nat(2), (number, zeros) => {
        const plain = number.toString(16);
        expect(readSerial('0'.repeat(zeros) + plain.toUpperCase())).toBe(plain);
        expect(readSerial(number.toString(10), true)).toBe(plain);
      }),
    );
  });
});
