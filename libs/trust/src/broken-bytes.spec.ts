import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crl, ocspResponse, TestCertificate } from '@kilowatch/testing/pki';
import { readCertificate, type Certificate } from './certificate.js';
import { readCrl } from './crl.js';
import { DerNode, openDer, readDer, sameBytes } from './der.js';
import { verifyOcspResponse } from './ocsp-response.js';
import { validatePath } from './path.js';

const now = new Date('2026-11-29T12:00:00Z');
const root = TestCertificate.root({ subject: 'CN=MO Root', now });
const sub = root.issue({ subject: 'CN=MO Sub', ca: true, now });
const leaf = sub.issue({ subject: 'CN=DE8AA001234567, DC=MO', now });
const list = crl({ issuer: sub, revoked: [{ serial: 'a0', at: now }], now });
const response = ocspResponse({ answers: [{ issuer: sub, serial: leaf.serial }], signer: sub, now });
const issuer = readCertificate(sub.der);

const ECDSA_SHA256 = Buffer.from('300a06082a8648ce3d040302', 'hex');
const MALFORMED = [
  '3000',
  '30020500',
  '30020600',
  '3003060180',
  // RSASSA-PSS with parameters of no sense.
  '301906092a864886f70d01010a300ca0020500a1020500a2020500',
].map((text) => Buffer.from(text, 'hex'));

/** The same DER with another algorithm everywhere, also within octet strings. */
function withAlgorithm(bytes: Uint8Array, algorithm: Uint8Array): Buffer {
  return rewritten(readDer(bytes), algorithm);
}

function rewritten(node: DerNode, algorithm: Uint8Array): Buffer {
  if (sameBytes(node.raw, ECDSA_SHA256)) return Buffer.from(algorithm);
  const wraps = node.tag === 0x04 && node.content[0] === 0x30 && node.content.length > 100;
  if ((node.tag & 0x20) === 0 && !wraps) return Buffer.from(node.raw);
  const parts = wraps ? [readDer(node.content)] : node.children;
  const content = Buffer.concat(parts.map((part) => rewritten(part, algorithm)));
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([node.tag, ...size]), content]);
}

function judge(...certificates: readonly Certificate[]) {
  const result = validatePath({
    certificates,
    anchors: [{ certificate: readCertificate(root.der) }],
    at: now,
  });
  return result.ok ? [] : result.problems.map(({ code }) => code);
}

const ask = (bytes: Uint8Array) =>
  verifyOcspResponse(bytes, { serial: leaf.serial, issuer, at: now, maxAgeMs: 1 });

/** Single bytes changed, of which anything may come. */
function changed(original: Uint8Array, check: (bytes: Uint8Array) => void): void {
  fc.assert(
    fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Uint8Array.from(original);
      bytes[at]! ^= change;
      check(bytes);
    }),
    { numRuns: 200 },
  );
}

function readable(bytes: Uint8Array): Certificate | undefined {
  try {
    return readCertificate(bytes);
  } catch {
    return undefined;
  }
}

describe('an algorithm identifier that is none', () => {
  it('is in these bytes where a true one was', () => {
    expect(withAlgorithm(leaf.der, ECDSA_SHA256)).toEqual(Buffer.from(leaf.der));
    expect(withAlgorithm(response, ECDSA_SHA256)).toEqual(Buffer.from(response));
  });

  it.each(MALFORMED.map((bytes) => [bytes.toString('hex'), bytes] as const))(
    '%s makes a signature that is not supported, of a leaf, an authority and a root',
    (_, algorithm) => {
      const [one, two, three] = [leaf, sub, root].map(({ der }) =>
        readCertificate(withAlgorithm(der, algorithm)),
      );
      expect(judge(one!, issuer)).toContain('SIGNATURE_UNSUPPORTED');
      expect(judge(readCertificate(leaf.der), two!)).toContain('SIGNATURE_UNSUPPORTED');
      const anchors = [{ certificate: readCertificate(TestCertificate.root({ subject: 'CN=x', now }).der) }];
      const found = validatePath({
        certificates: [readCertificate(leaf.der), issuer, three!],
        anchors,
        at: now,
      });
      expect(found.ok).toBe(false);
    },
  );

  it.each(MALFORMED.map((bytes) => [bytes.toString('hex'), bytes] as const))(
    '%s makes no answer of a responder or a list',
    (_, algorithm) => {
      expect(ask(withAlgorithm(response, algorithm))).toEqual({ status: 'UNUSABLE', code: 'SIGNATURE_WEAK' });
      expect(readCrl(withAlgorithm(list, algorithm), issuer)).toEqual({ ok: false, code: 'SIGNATURE_WEAK' });
    },
  );
});

describe('one byte changed anywhere', () => {
  it('in a leaf, an authority or a root of the message: no path, and nothing is thrown', () => {
    for (const place of [0, 1] as const) {
      const chain = [leaf.der, sub.der];
      changed(chain[place]!, (bytes) => {
        const certificates = chain.map((der, index) => readable(index === place ? bytes : der));
        if (certificates.every((one) => one !== undefined)) expect(judge(...certificates)).not.toEqual([]);
      });
    }
    changed(root.der, (bytes) => {
      const odd = readable(bytes);
      if (odd) expect(judge(readCertificate(leaf.der), issuer, odd)).toEqual([]);
    });
  });

  it('in a list: it is not believed, and nothing is thrown', () => {
    changed(list, (bytes) => expect(readCrl(bytes, issuer)).toMatchObject({ ok: false }));
  });

  it('in the answer of a responder: nothing is thrown', () => {
    changed(response, (bytes) => expect(['GOOD', 'UNUSABLE']).toContain(ask(bytes).status));
  });
});

it('an identifier that is too long is refused before its numbers are put together', () => {
  const long = Buffer.alloc(2_000_000, 0x81);
  const node = openDer(Buffer.concat([Buffer.from([0x06, 0x83, 0x1e, 0x84, 0x80]), long]));
  const begun = performance.now();
  expect(() => node.oid).toThrow(/^TRUST_DER_UNREADABLE/);
  expect(performance.now() - begun).toBeLessThan(500);
});
