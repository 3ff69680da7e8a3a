import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameConstraints, newKey, pemOf, strangeExtension, TestCertificate } from '@kilowatch/testing/pki';
import { certificatePem, isSelfIssued, readCertificate, readCertificatesPem } from './certificate.js';
import { readDer } from './der.js';

const now = new Date('2026-11-29T12:00:00Z');
const root = TestCertificate.root({ subject: 'CN=MO Root, O=Kilowatch Test', now, pathLength: 2 });
const leaf = root.issue({
  subject: 'CN=DE8AA001234567, O=Mobility, C=DE, DC=MO',
  now,
  ocspUrl: 'http://ocsp.test/mo',
  crlUrl: 'http://crl.test/mo.crl',
  purposes: ['1.3.6.1.5.5.7.3.2'],
  serial: '0f00',
  extra: [strangeExtension(true), strangeExtension(false, '1.3.6.1.4.1.99999.8')],
});

/** The same, with its last field of what is signed once more: a list of extensions that nobody would read. */
function withTwoLists(der: Uint8Array): Uint8Array {
  const sequence = (...parts: Uint8Array[]) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([0x30, 0x82, content.length >> 8, content.length & 255]), content]);
  };
  const [content, ...signature] = readDer(der).children;
  const fields = content!.children.map(({ raw }) => raw);
  return sequence(sequence(...fields, fields.at(-1)!), ...signature.map(({ raw }) => raw));
}

describe('certificate', () => {
  it('says what stands in it', () => {
    const read = readCertificate(leaf.der);
    expect(read.subject).toMatchObject({
      text: 'CN=DE8AA001234567, O=Mobility, C=DE, DC=MO',
      commonName: 'DE8AA001234567',
      organization: 'Mobility',
      domainComponents: ['MO'],
    });
    expect(read.issuer.text).toBe('CN=MO Root, O=Kilowatch Test');
    expect(read.issuer.der).toEqual(readCertificate(root.der).subject.der);
    expect(read.notBefore).toEqual(new Date('2026-11-28T12:00:00Z'));
    expect(read.notAfter).toEqual(new Date('2027-11-29T12:00:00Z'));
    expect(read).toMatchObject({
      serial: 'f00',
      basicConstraints: { ca: false, pathLength: undefined },
      keyUsage: ['digitalSignature', 'keyAgreement'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
      ocspUrls: ['http://ocsp.test/mo'],
      crlUrls: ['http://crl.test/mo.crl'],
      hasNameConstraints: false,
      unknownCritical: ['1.3.6.1.4.1.99999.7'],
      key: { kind: 'EC', text: 'P-256', sizeBits: 256, problem: undefined },
    });
    expect(read.authorityKeyId).toBe(readCertificate(root.der).subjectKeyId);
    expect(readCertificate(root.der)).toMatchObject({
      basicConstraints: { ca: true, pathLength: 2 },
      keyUsage: ['crlSign', 'keyCertSign'],
    });
    expect([isSelfIssued(read), isSelfIssued(readCertificate(root.der))]).toEqual([false, true]);
  });

  it('knows name constraints, whatever they say', () => {
    const read = readCertificate(root.issue({ subject: 'CN=x', extra: [nameConstraints()] }).der);
    expect(read.hasNameConstraints).toBe(true);
  });

  it.each([
    ['P-224', { problem: 'KEY_WEAK' }],
    ['P-384', { text: 'P-384', problem: undefined }],
    ['P-521', { text: 'P-521', problem: undefined }],
    ['RSA-1024', { text: 'RSA 1024', problem: 'KEY_WEAK' }],
    ['RSA-2048', { text: 'RSA 2048', problem: undefined }],
    ['Ed25519', { kind: 'Ed25519', problem: undefined }],
    ['Ed448', { kind: 'Ed448', problem: undefined }],
  ] as const)('judges a key of %s', (kind, expected) => {
    const read = readCertificate(root.issue({ subject: 'CN=x', key: newKey(kind, 'certificate.spec') }).der);
    expect(read.key).toMatchObject(expected);
  });

  it('has no common name where there are none or two', () => {
    const names = ['O=only', 'CN=DE8AA001234567, CN=DE8AA007654321'];
    for (const subject of names) {
      expect(readCertificate(root.issue({ subject }).der).subject.commonName).toBeUndefined();
    }
  });

  it('is not changed through the buffer that it came in', () => {
    const buffer = Uint8Array.from(leaf.der);
    const read = readCertificate(buffer);
    buffer.fill(0);
    expect(read.der).toEqual(leaf.der);
    expect(Object.isFrozen(read)).toBe(true);
  });

  it('serial numbers come back in hex without leading zeros, whatever their first bit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 159n - 1n }), (number) => {
        const serial = number.toString(16);
        const read = readCertificate(root.issue({ subject: 'CN=x', serial }).der);
        expect(read.serial).toBe(serial);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['text', Buffer.from('certificate')],
    ['something behind the end', Buffer.concat([leaf.der, Buffer.from([0])])],
    ['half of one', leaf.der.subarray(0, leaf.der.length / 2)],
    ['a length that is not the shortest', Buffer.from([0x30, 0x81, 0x01, 0x00])],
    ['an indefinite length', Buffer.from([0x30, 0x80, 0x00, 0x00])],
    ['a bottomless nest', Buffer.from(Array.from({ length: 60 }, (_, at) => [0x30, 118 - 2 * at]).flat())],
    ['more than 8 KiB', Buffer.concat([Buffer.from([0x30, 0x82, 0x27, 0x10]), Buffer.alloc(10_000)])],
    ['a second list of extensions', withTwoLists(leaf.der)],
    [
      'the same extension twice',
      root.issue({ subject: 'CN=x', extra: [strangeExtension(true), strangeExtension(true)] }).der,
    ],
    ['a serial of 21 octets', root.issue({ subject: 'CN=x', serial: '7f'.repeat(21) }).der],
  ])('refuses %s', (_, bytes) => {
    expect(() => readCertificate(bytes)).toThrow(/^TRUST_CERTIFICATE_UNREADABLE/);
  });

  it('refuses whatever a broken byte makes of one, or reads it: nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.nat(leaf.der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(leaf.der);
        bytes[at]! ^= change;
        try {
          readCertificate(bytes);
        } catch (error) {
          expect(String(error)).toContain('TRUST_CERTIFICATE_UNREADABLE');
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('PEM', () => {
  it('gives its certificates in order, with text between them', () => {
    const text = `Subject: leaf\n${leaf.pem}and its root:\r\n${root.pem.replaceAll('\n', '\r\n')}`;
    expect(readCertificatesPem(text).map(({ der }) => der)).toEqual([leaf.der, root.der]);
    expect(certificatePem(readCertificate(leaf.der))).toBe(leaf.pem);
  });

  it('may be longer and hold more for who says so', () => {
    const text = leaf.pem.repeat(20);
    expect(() => readCertificatesPem(text, { most: 20 })).toThrow('there is too much of it');
    expect(readCertificatesPem(text, { most: 20, mostCharacters: 100_000 })).toHaveLength(20);
  });

  it.each([
    ['no certificate', 'hello'],
    ['a key', pemOf(leaf.der, 'PRIVATE KEY')],
    ['a block without end', leaf.pem.replace('-----END CERTIFICATE-----', '')],
    ['one whole and one cut block', leaf.pem + leaf.pem.slice(0, 200)],
    ['broken Base64', leaf.pem.replace(/\n.{10}/, '\nAAAA=AAAAA')],
    ['eleven certificates', root.pem.repeat(11)],
    ['more characters than OCPP allows', `${leaf.pem}${' '.repeat(10_000)}`],
  ])('with %s is refused', (_, text) => {
    expect(() => readCertificatesPem(text)).toThrow(/^TRUST_CERTIFICATE_UNREADABLE/);
  });
});
