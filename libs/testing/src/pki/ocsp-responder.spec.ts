import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  certificateId,
  encodeOcspRequest,
  lookUpInCrl,
  readCertificate,
  readCrl,
  verifyOcspResponse,
} from '@kilowatch/trust';
import { CrlServer, OcspResponder, testPki, type OcspMode } from './index.js';

const pki = testPki();
const nonce = Buffer.alloc(32, 3);
let responder: OcspResponder;
let lists: CrlServer;

beforeAll(async () => {
  responder = await OcspResponder.start(pki.authorities);
  lists = await CrlServer.start(pki.moSub2);
});
afterAll(() => Promise.all([responder.close(), lists.close()]));
beforeEach(() => responder.reset());

async function ask(timeoutMs = 2_000) {
  const issuer = readCertificate(pki.moSub2.der);
  const { serial } = readCertificate(pki.contract.der);
  const response = await fetch(responder.url, {
    method: 'POST',
    headers: { 'content-type': 'application/ocsp-request' },
    body: Buffer.from(encodeOcspRequest(certificateId({ serial }, issuer, 'SHA256'), nonce)),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const body = new Uint8Array(await response.arrayBuffer());
  const question = { serial, issuer, nonce, at: new Date(), maxAgeMs: 86_400_000 };
  return { status: response.status, answer: verifyOcspResponse(body, question) };
}

describe('test PKI', () => {
  it('is one in the eyes of OpenSSL too', () => {
    for (const certificate of [pki.contract, pki.moSub2, pki.moSub1, pki.station, pki.oemProvisioning]) {
      const [own, issuer] = [certificate, certificate.issuer!].map(({ pem }) => new X509Certificate(pem));
      expect(own!.checkIssued(issuer!) && own!.verify(issuer!.publicKey)).toBe(true);
    }
  });
});

describe('OCSP responder over HTTP', () => {
  it.each([
    ['normal', { status: 'GOOD' }],
    ['delegate', { status: 'GOOD' }],
    ['without-nonce', { status: 'GOOD' }],
    ['without-next-update', { status: 'GOOD', nextUpdate: undefined }],
    ['stale', { code: 'STALE' }],
    ['future', { code: 'NOT_YET_VALID' }],
    ['replayed', { code: 'NONCE_MISMATCH' }],
    ['wrong-nonce', { code: 'NONCE_MISMATCH' }],
    ['wrong-signer', { code: 'SIGNER_UNKNOWN' }],
    ['tampered', { code: 'SIGNATURE_BAD' }],
    ['sha1-signature', { code: 'SIGNATURE_WEAK' }],
    ['delegate-without-purpose', { code: 'SIGNER_NOT_ALLOWED' }],
    ['expired-delegate', { code: 'SIGNER_EXPIRED' }],
    ['wrong-serial', { code: 'OTHER_CERTIFICATE' }],
    ['try-later', { code: 'RESPONDER_BUSY' }],
    ['internal-error', { code: 'RESPONDER_BUSY' }],
    ['unauthorized', { code: 'RESPONDER_REFUSED' }],
    ['oversized', { code: 'MALFORMED' }],
    ['garbage', { code: 'MALFORMED' }],
    ['slow', { status: 'GOOD' }],
  ] as [OcspMode, object][])('P5: %s', async (mode, expected) => {
    responder.mode = mode;
    expect((await ask()).answer).toMatchObject(expected);
  });

  it('counts what it was asked, and answers what it was told', async () => {
    responder.revoke(pki.contract, new Date('2026-01-01T00:00:00Z'), 1);
    expect((await ask()).answer).toMatchObject({ status: 'REVOKED', reason: 'KEY_COMPROMISE' });
    responder.forget(pki.contract);
    expect((await ask()).answer).toMatchObject({ status: 'UNKNOWN' });
    expect(responder.requests).toHaveLength(2);
    expect(responder.requests[0]).toMatchObject({
      method: 'POST',
      contentType: 'application/ocsp-request',
      serial: pki.contract.serial,
      hash: 'sha256',
    });
    expect(Buffer.from(responder.requests[0]!.nonce!)).toEqual(nonce);
  });

  it('misbehaves for one certificate alone', async () => {
    responder.misbehaveFor(pki.moSub2, 'garbage');
    expect((await ask()).answer).toMatchObject({ status: 'GOOD' });
    responder.misbehaveFor(pki.contract, 'garbage');
    expect((await ask()).answer).toMatchObject({ code: 'MALFORMED' });
  });

  it('is silent, hangs up, redirects and fails as it is told', async () => {
    responder.mode = 'silent';
    await expect(ask(100)).rejects.toMatchObject({ name: 'TimeoutError' });
    responder.mode = 'hang-up';
    await expect(ask()).rejects.toThrow('fetch failed');
    responder.mode = 'redirecting';
    expect((await ask()).status).toBe(302);
    responder.mode = 'http-error';
    expect((await ask()).status).toBe(500);
  });

  it('C6: beside it a server of lists answers for its authority', async () => {
    lists.revoke(pki.contract);
    const list = new Uint8Array(await (await fetch(lists.url)).arrayBuffer());
    const reading = readCrl(list, readCertificate(pki.moSub2.der));
    if (!reading.ok) throw new Error(reading.code);
    const about = { at: new Date(), maxAgeMs: 1 };
    expect(lookUpInCrl(reading.crl, { ...about, serial: pki.contract.serial })).toMatchObject({
      reason: 'SUPERSEDED',
    });
    expect(lookUpInCrl(reading.crl, { ...about, serial: '1' })).toMatchObject({ status: 'GOOD' });
    expect(lists.hits).toBe(1);
  });
});
