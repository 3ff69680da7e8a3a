import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { OCSPRequest } from '@peculiar/asn1-ocsp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  newKey,
  ocspNoCheck,
  OCSP_SIGNING,
  ocspFailure,
  ocspResponse,
  strangeExtension,
  TestCertificate,
  type KeyKind,
  type WantedOcspResponse,
} from '@kilowatch/testing/pki';
import { readCertificate } from './certificate.js';
import { certificateId } from './hash-data.js';
import { encodeOcspRequest } from './ocsp-request.js';
import { verifyOcspResponse, type OcspQuestion } from './ocsp-response.js';

const now = new Date('2026-11-29T12:00:00Z');
const HOUR_MS = 3_600_000;
const nonce = Buffer.alloc(32, 7);
const root = TestCertificate.root({ subject: 'CN=MO Sub2', now });
const leaf = root.issue({ subject: 'CN=DE8AA001234567', now, serial: '80ff' });
const delegate = root.issue({ subject: 'CN=OCSP', purposes: [OCSP_SIGNING], now });
const about = { issuer: root, serial: leaf.serial };

function ask(wanted: Partial<WantedOcspResponse> = {}, question: Partial<OcspQuestion> = {}) {
  const response = ocspResponse({ answers: [about], signer: root, now, ...wanted });
  return verify(response, question);
}

function verify(response: Uint8Array, question: Partial<OcspQuestion> = {}) {
  const issuer = readCertificate(root.der);
  return verifyOcspResponse(response, {
    serial: leaf.serial,
    issuer,
    at: now,
    maxAgeMs: 24 * HOUR_MS,
    ...question,
  });
}

describe('OCSP request', () => {
  it.each([
    [
      'SHA256',
      '52e5ef4c5d5150b29d5c024449cee040afb364b8016d4be7fe7a26cbad2781a0',
      '12230611e8a2ad2f68c5b18b645ff2444dfa5cf23b7b807d8d13aca13a12987e',
      '3376cea608984645da59124b42699e7e',
      '306d306b306930673065300d06096086480165030402010500042052e5ef4c5d5150b29d5c024449cee040afb364b8016d4be7fe7a26' +
        'cbad2781a0042012230611e8a2ad2f68c5b18b645ff2444dfa5cf23b7b807d8d13aca13a12987e02103376cea608984645da59124b' +
        '42699e7e',
    ],
    [
      'SHA1',
      '1b8e769aa86b5a1987b453e0dc12079edc845e56',
      'b39c59182ae8e9d302e2d3703edffec3016c086e',
      '80ff',
      '304430423040303e303c300906052b0e03021a050004141b8e769aa86b5a1987b453e0dc12079edc845e560414b39c59182ae8e9d302' +
        'e2d3703edffec3016c086e02030080ff',
    ],
  ] as const)(
    'with %s has the bytes of what OpenSSL 3 makes',
    (hashAlgorithm, name, key, serialNumber, der) => {
      const id = { hashAlgorithm, issuerNameHash: name, issuerKeyHash: key, serialNumber };
      expect(Buffer.from(encodeOcspRequest(id)).toString('hex')).toBe(der);
    },
  );

  it('asks for the certificate by the hashes of its issuer, with the nonce (RFC 6960 4.1, RFC 8954)', () => {
    const id = certificateId(readCertificate(leaf.der), readCertificate(root.der), 'SHA256');
    const { tbsRequest } = AsnConvert.parse(encodeOcspRequest(id, nonce), OCSPRequest);
    const [{ reqCert }] = tbsRequest.requestList as [(typeof tbsRequest.requestList)[0]];
    expect(reqCert.hashAlgorithm.algorithm).toBe('2.16.840.1.101.3.4.2.1');
    expect(Buffer.from(reqCert.issuerNameHash.buffer).toString('hex')).toBe(id.issuerNameHash);
    expect(Buffer.from(reqCert.issuerKeyHash.buffer).toString('hex')).toBe(id.issuerKeyHash);
    expect(Buffer.from(reqCert.serialNumber).toString('hex')).toBe('0080ff');
    const [extension] = tbsRequest.requestExtensions!;
    expect(extension!.extnID).toBe('1.3.6.1.5.5.7.48.1.2');
    const inner = AsnConvert.parse(extension!.extnValue.buffer, OctetString);
    expect(Buffer.from(inner.buffer)).toEqual(nonce);
  });

  it('P8: writes serials of odd length and with a high first bit as positive numbers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 159n - 1n }), (number) => {
        const hash = '00'.repeat(20);
        const id = { hashAlgorithm: 'SHA1', issuerNameHash: hash, issuerKeyHash: hash } as const;
        const der = encodeOcspRequest({ ...id, serialNumber: number.toString(16) });
        const { reqCert } = AsnConvert.parse(der, OCSPRequest).tbsRequest.requestList[0]!;
        const bytes = new Uint8Array(reqCert.serialNumber);
        expect(bytes[0]!).toBeLessThan(0x80);
        expect(BigInt(`0x${Buffer.from(bytes).toString('hex')}`)).toBe(number);
      }),
    );
  });

  it.each([0, 15, 33])('takes no nonce of %i bytes', (length) => {
    const id = certificateId(readCertificate(leaf.der), readCertificate(root.der), 'SHA256');
    expect(() => encodeOcspRequest(id, Buffer.alloc(length))).toThrow(/^TRUST_NONCE/);
  });
});

describe('OCSP response', () => {
  it('says good, with its window', () => {
    expect(ask()).toEqual({
      status: 'GOOD',
      thisUpdate: new Date('2026-11-29T11:00:00Z'),
      nextUpdate: new Date('2026-11-29T13:00:00Z'),
    });
  });

  it('says revoked, since when and why', () => {
    const revokedAt = new Date('2026-11-01T00:00:00Z');
    const answers = (reason?: number) => [
      { ...about, status: { revokedAt, ...(reason !== undefined && { reason }) } },
    ];
    expect(ask({ answers: answers(1) })).toMatchObject({
      status: 'REVOKED',
      revokedAt,
      reason: 'KEY_COMPROMISE',
    });
    expect(ask({ answers: answers() })).toMatchObject({ status: 'REVOKED', reason: 'UNSPECIFIED' });
  });

  it('says unknown', () => {
    expect(ask({ answers: [{ ...about, status: 'unknown' }] })).toMatchObject({ status: 'UNKNOWN' });
  });

  it.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)(
    'is understood when the responder hashes with %s',
    (hash) => {
      expect(ask({ answers: [{ ...about, hash }] })).toMatchObject({ status: 'GOOD' });
    },
  );

  it('finds its certificate among others', () => {
    const others = ['1', '2'].map((serial) => ({ issuer: root, serial, status: 'unknown' as const }));
    expect(ask({ answers: [others[0]!, about, others[1]!] })).toMatchObject({ status: 'GOOD' });
  });

  it.each(['P-384', 'P-521', 'RSA-2048', 'RSA-PSS-2048', 'Ed25519', 'Ed448'] as KeyKind[])(
    'is believed when signed by %s',
    (kind) => {
      const key = newKey(kind, 'ocsp');
      const issuer = TestCertificate.root({ subject: 'CN=MO Sub2', key, now });
      const answers = [{ issuer, serial: leaf.serial }];
      const answer = ask({ answers, signer: issuer }, { issuer: readCertificate(issuer.der) });
      expect(answer).toMatchObject({ status: 'GOOD' });
    },
  );

  it.each(['key', 'name'] as const)(
    'is believed of a delegate that the issuer named, found by %s',
    (named) => {
      const answer = ask({ signer: delegate, certificates: [delegate], named });
      // Somebody has to look whether it is revoked, unless it says that nobody need.
      expect(answer).toMatchObject({ status: 'GOOD', signer: { serial: delegate.serial } });
      const known = root.issue({ subject: 'CN=OCSP', purposes: [OCSP_SIGNING], now, extra: [ocspNoCheck()] });
      const unasked = ask({ signer: known, certificates: [known], named });
      expect(unasked).toMatchObject({ status: 'GOOD' });
      expect(unasked).not.toHaveProperty('signer');
      expect(ask({ signer: root, named })).not.toHaveProperty('signer');
      expect(ask({ named })).toMatchObject({ status: 'GOOD' });
    },
  );

  const stranger = TestCertificate.root({ subject: 'CN=MO Sub2', now });
  const strangersDelegate = stranger.issue({ subject: 'CN=OCSP', purposes: [OCSP_SIGNING], now });
  const signedBy = (signer: TestCertificate) => ({ signer, certificates: [signer] });
  const issued = (wanted: object) =>
    root.issue({ subject: 'CN=OCSP', purposes: [OCSP_SIGNING], now, ...wanted });
  const old = { thisUpdate: -30, nextUpdate: -1 };
  it.each([
    ['a stranger signed', { signer: stranger }, 'SIGNER_UNKNOWN'],
    ['a stranger of the same name signed', { signer: stranger, named: 'name' }, 'SIGNATURE_BAD'],
    ['a stranger brought his own certificate', signedBy(stranger), 'SIGNER_NOT_ALLOWED'],
    ['the delegate is another authority’s', signedBy(strangersDelegate), 'SIGNER_NOT_ALLOWED'],
    ['the delegate’s certificate is not sent', { signer: delegate }, 'SIGNER_UNKNOWN'],
    [
      'the delegate has no OCSP signing purpose',
      signedBy(issued({ purposes: ['1.3.6.1.5.5.7.3.1'] })),
      'SIGNER_NOT_ALLOWED',
    ],
    ['the delegate has no purpose', signedBy(leaf), 'SIGNER_NOT_ALLOWED'],
    ['the delegate may not sign', signedBy(issued({ usage: 4 })), 'SIGNER_NOT_ALLOWED'],
    [
      'the delegate has a strange critical extension',
      signedBy(issued({ extra: [strangeExtension(true)] })),
      'SIGNER_NOT_ALLOWED',
    ],
    ['the delegate has expired', signedBy(issued({ to: -0.5 })), 'SIGNER_EXPIRED'],
    ['the delegate is not valid yet', signedBy(issued({ from: 1 })), 'SIGNER_EXPIRED'],
    ['the delegate’s key is weak', signedBy(issued({ key: newKey('RSA-1024', 'ocsp') })), 'SIGNATURE_BAD'],
    ['a bit of the signature is wrong', { tampered: true }, 'SIGNATURE_BAD'],
    ['it is signed with SHA-1', { signatureHash: 'sha1' }, 'SIGNATURE_WEAK'],
    ['it is about another serial', { answers: [{ issuer: root, serial: '80fe' }] }, 'OTHER_CERTIFICATE'],
    [
      'it is about another issuer of that name',
      { answers: [{ issuer: stranger, serial: leaf.serial }] },
      'OTHER_CERTIFICATE',
    ],
    ['it is about nothing', { answers: [] }, 'OTHER_CERTIFICATE'],
    [
      'it says two things of one certificate',
      { answers: [about, { ...about, status: 'unknown' }] },
      'AMBIGUOUS',
    ],
    ['its nextUpdate is past', { answers: [{ ...about, ...old }] }, 'STALE'],
    [
      'it has no nextUpdate and is older than allowed',
      { answers: [{ ...about, thisUpdate: -25, nextUpdate: null }] },
      'STALE',
    ],
    [
      'its nextUpdate is before its thisUpdate',
      { answers: [{ ...about, thisUpdate: 0, nextUpdate: -0.05 }] },
      'STALE',
    ],
    ['it is of the future', { answers: [{ ...about, thisUpdate: 1, nextUpdate: 2 }] }, 'NOT_YET_VALID'],
    ['its nonce is another', { nonce: Buffer.alloc(32, 8) }, 'NONCE_MISMATCH'],
    ['its nonce is the beginning of ours', { nonce: nonce.subarray(0, 16) }, 'NONCE_MISMATCH'],
    [
      'it has a strange critical extension',
      { extra: [strangeExtension(true)] },
      'CRITICAL_EXTENSION_UNKNOWN',
    ],
  ] as [string, Partial<WantedOcspResponse>, string][])('is no answer when %s', (_, wanted, code) => {
    expect(ask(wanted, { nonce })).toEqual({ status: 'UNUSABLE', code });
  });

  it('is no answer when its delegate calls himself by the issuer’s name without its certificate', () => {
    const twin = issued({ subject: 'CN=MO Sub2', purposes: [] });
    expect(ask({ ...signedBy(twin), named: 'name' })).toEqual({
      status: 'UNUSABLE',
      code: 'SIGNER_NOT_ALLOWED',
    });
  });

  it('may leave the nonce out, and its nonce counts only for who sent one', () => {
    expect(ask({ nonce }, { nonce })).toMatchObject({ status: 'GOOD' });
    expect(ask({}, { nonce })).toMatchObject({ status: 'GOOD' });
    expect(ask({ nonce })).toMatchObject({ status: 'GOOD' });
  });

  it('without nextUpdate is used as long as the caller allows', () => {
    const answers = [{ ...about, thisUpdate: -20, nextUpdate: null }];
    expect(ask({ answers })).toMatchObject({ status: 'GOOD', nextUpdate: undefined });
    expect(ask({ answers }, { maxAgeMs: 19 * HOUR_MS })).toMatchObject({ code: 'STALE' });
  });

  it('is used from thisUpdate to nextUpdate with five minutes of leeway, and at no other instant', () => {
    const leeway = 5 * 60_000;
    const [from, to] = [now.getTime() - HOUR_MS - leeway, now.getTime() + HOUR_MS + leeway];
    const shifted = ocspResponse({
      answers: [{ ...about, thisUpdate: -1, nextUpdate: 1 }],
      signer: root,
      now,
    });
    fc.assert(
      fc.property(fc.integer({ min: -3_000, max: 3_000 }), (offset) => {
        const at = new Date(to + offset);
        expect(verify(shifted, { at }).status).toBe(offset > 0 ? 'UNUSABLE' : 'GOOD');
      }),
      { numRuns: 40 },
    );
    // producedAt (now) is later than thisUpdate: before it the answer did not exist.
    expect(verify(shifted, { at: new Date(from) })).toEqual({ status: 'UNUSABLE', code: 'NOT_YET_VALID' });
    expect(verify(shifted, { at: new Date(now.getTime() - leeway) })).toMatchObject({ status: 'GOOD' });
    expect(verify(shifted, { at: new Date(now.getTime() - leeway - 1) })).toMatchObject({
      status: 'UNUSABLE',
    });
  });

  it.each([
    [1, 'RESPONDER_REFUSED'],
    [2, 'RESPONDER_BUSY'],
    [3, 'RESPONDER_BUSY'],
    [5, 'RESPONDER_REFUSED'],
    [6, 'RESPONDER_REFUSED'],
  ] as const)('of failure %i says whether to come again', (status, code) => {
    expect(verify(ocspFailure(status))).toEqual({ status: 'UNUSABLE', code });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a web page', Buffer.from('<html>')],
    ['successful without a body', Buffer.from([0x30, 3, 0x0a, 1, 0])],
    ['more than 64 KiB', Buffer.alloc(65 * 1024, 0x30)],
    ['a certificate', leaf.der],
  ])('%s is none', (_, bytes) => {
    expect(verify(bytes)).toEqual({ status: 'UNUSABLE', code: 'MALFORMED' });
  });

  it('never says good when any one byte of it was changed to something that matters', () => {
    const response = ocspResponse({ answers: [{ ...about, status: 'unknown' }], signer: root, now });
    fc.assert(
      fc.property(fc.nat(response.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(response);
        bytes[at]! ^= change;
        expect(['UNKNOWN', 'UNUSABLE']).toContain(verify(bytes).status);
      }),
      { numRuns: 400 },
    );
  });
});
