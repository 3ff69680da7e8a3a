import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { OCSPRequest, id_pkix_ocsp_nonce } from '@peculiar/asn1-ocsp';
import { der } from './keys.js';
import { loopbackServer, type LoopbackServer } from './loopback-server.js';
import {
  HASH_OIDS,
  ocspFailure,
  ocspResponse,
  type CertIdHash,
  type TestStatus,
  type WantedAnswer,
  type WantedOcspResponse,
} from './ocsp-answer.js';
import { ocspNoCheck, OCSP_SIGNING, TestCertificate } from './test-certificate.js';

export type OcspMode =
  /** What was said by `revoke` and `forget`, signed by the issuer. */
  | 'normal'
  | 'delegate'
  | 'without-nonce'
  | 'without-next-update'
  | 'stale'
  | 'future'
  /** The answer of an earlier request: it has that one's nonce. */
  | 'replayed'
  | 'wrong-nonce'
  | 'wrong-signer'
  | 'tampered'
  | 'sha1-signature'
  | 'delegate-without-purpose'
  | 'expired-delegate'
  | 'wrong-serial'
  | 'try-later'
  | 'internal-error'
  | 'unauthorized'
  | 'http-error'
  | 'http-refusal'
  | 'slow'
  | 'silent'
  | 'oversized'
  | 'redirecting'
  | 'garbage'
  | 'hang-up';

export interface SeenOcspRequest {
  readonly method: string;
  readonly contentType: string | undefined;
  /** Hex without leading zeros; undefined for what could not be read. */
  readonly serial: string | undefined;
  readonly hash: CertIdHash | undefined;
  readonly nonce: Uint8Array | undefined;
}

interface Question {
  readonly issuer: TestCertificate;
  readonly serial: string;
  readonly hash: CertIdHash;
  readonly nonce: Uint8Array | undefined;
}

/** A responder as authorities run them, over HTTP on this machine: it answers for those it was given, well or badly. */
export class OcspResponder {
  mode: OcspMode = 'normal';
  /** Where `redirecting` sends the caller. */
  redirectTo = 'http://127.0.0.1:9/';
  slowMs = 400;
  /** Who signs for an authority in the mode `delegate`; usually one made for each answer, with id-pkix-ocsp-nocheck. */
  delegate: ((issuer: TestCertificate) => TestCertificate) | undefined;
  /** Answers are of this moment. */
  now: () => Date = () => new Date();
  readonly requests: SeenOcspRequest[] = [];
  private readonly statuses = new Map<string, TestStatus>();
  private readonly modes = new Map<string, OcspMode>();
  private server!: LoopbackServer;

  private constructor(private readonly authorities: TestCertificate[]) {}

  static async start(authorities: readonly TestCertificate[] = []): Promise<OcspResponder> {
    const responder = new OcspResponder([...authorities]);
    responder.server = await loopbackServer((request, body, response) => {
      const question = responder.read(request.method ?? '', request.headers['content-type'], body);
      responder.answer(question, response);
    });
    return responder;
  }

  get url(): string {
    return `${this.server.url}/ocsp`;
  }

  get origin(): string {
    return this.server.url;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  answersFor(...authorities: readonly TestCertificate[]): void {
    this.authorities.push(...authorities);
  }

  revoke(certificate: TestCertificate, revokedAt = new Date(), reason = 1): void {
    this.statuses.set(certificate.serial, { revokedAt, reason });
  }

  /** From now on it does not know the certificate. */
  forget(certificate: TestCertificate): void {
    this.statuses.set(certificate.serial, 'unknown');
  }

  /** A mode for one certificate only. */
  misbehaveFor(certificate: TestCertificate, mode: OcspMode): void {
    this.modes.set(certificate.serial, mode);
  }

  /** Good again, normal again, nothing seen. */
  reset(): void {
    this.mode = 'normal';
    this.statuses.clear();
    this.modes.clear();
    this.requests.length = 0;
    this.delegate = undefined;
  }

  private delegateFor(
    issuer: TestCertificate,
    now: Date,
  ): Pick<WantedOcspResponse, 'signer' | 'certificates'> {
    const signer = this.delegate?.(issuer);
    return signer ? { signer, certificates: [signer] } : delegateOf(issuer, now, {});
  }

  private read(method: string, contentType: string | undefined, body: Buffer): Question | undefined {
    try {
      const { tbsRequest } = AsnConvert.parse(body, OCSPRequest);
      const { reqCert } = tbsRequest.requestList[0]!;
      const serial = hexOf(reqCert.serialNumber).replace(/^0+(?=.)/, '');
      const names = Object.keys(HASH_OIDS) as CertIdHash[];
      const hash = names.find((name) => HASH_OIDS[name] === reqCert.hashAlgorithm.algorithm)!;
      const value = tbsRequest.requestExtensions?.find(
        ({ extnID }) => extnID === id_pkix_ocsp_nonce,
      )?.extnValue;
      const nonce = value && new Uint8Array(AsnConvert.parse(value.buffer, OctetString).buffer);
      this.requests.push({ method, contentType, serial, hash, nonce });
      const issuer = this.authorities.find(
        (one) =>
          digest(hash, der(one.name)) === hexOf(reqCert.issuerNameHash.buffer) &&
          digest(hash, one.keyBits) === hexOf(reqCert.issuerKeyHash.buffer),
      );
      return method === 'POST' && issuer ? { issuer, serial, hash, nonce } : undefined;
    } catch {
      this.requests.push({ method, contentType, serial: undefined, hash: undefined, nonce: undefined });
      return undefined;
    }
  }

  private answer(question: Question | undefined, response: ServerResponse): void {
    const mode = (question && this.modes.get(question.serial)) ?? this.mode;
    const send = (body: Uint8Array) =>
      response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(body);
    if (mode === 'silent') return;
    if (mode === 'hang-up') return void response.destroy();
    if (mode === 'http-error') return void response.writeHead(500).end('out of order');
    if (mode === 'http-refusal') return void response.writeHead(403).end('not you');
    if (mode === 'redirecting') return void response.writeHead(302, { location: this.redirectTo }).end();
    if (mode === 'garbage') return void send(Buffer.from('<html>It works!</html>'));
    if (mode === 'oversized') return void send(Buffer.alloc(70_000, 0x30));
    if (mode === 'try-later') return void send(ocspFailure(3));
    if (mode === 'internal-error') return void send(ocspFailure(2));
    if (mode === 'unauthorized' || !question) return void send(ocspFailure(question ? 6 : 1));
    const body = this.judged(question, mode);
    if (mode === 'slow') setTimeout(() => send(body), this.slowMs);
    else send(body);
  }

  private judged({ issuer, serial, hash, nonce }: Question, mode: OcspMode): Uint8Array {
    const now = this.now();
    const answer: WantedAnswer = { issuer, serial, hash, status: this.statuses.get(serial) ?? 'good' };
    const usual: WantedOcspResponse = { answers: [answer], signer: issuer, now, ...(nonce && { nonce }) };
    const { nonce: _, ...withoutNonce } = usual;
    switch (mode) {
      case 'delegate':
        return ocspResponse({ ...usual, ...this.delegateFor(issuer, now) });
      case 'delegate-without-purpose':
        return ocspResponse({ ...usual, ...delegateOf(issuer, now, { purposes: ['1.3.6.1.5.5.7.3.2'] }) });
      case 'expired-delegate':
        return ocspResponse({ ...usual, ...delegateOf(issuer, now, { from: -9, to: -1 }) });
      case 'without-nonce':
        return ocspResponse(withoutNonce);
      case 'without-next-update':
        return ocspResponse({ ...usual, answers: [{ ...answer, nextUpdate: null }] });
      case 'stale':
        return ocspResponse({ ...usual, answers: [{ ...answer, thisUpdate: -48, nextUpdate: -24 }] });
      case 'future':
        return ocspResponse({ ...usual, answers: [{ ...answer, thisUpdate: 24, nextUpdate: 48 }] });
      case 'replayed':
        return ocspResponse({ ...usual, nonce: Buffer.alloc(nonce?.length ?? 16, 0x55) });
      case 'wrong-nonce':
        return ocspResponse({ ...usual, nonce: Buffer.from(nonce ?? [0]).map((byte) => byte ^ 0xff) });
      case 'wrong-signer':
        return ocspResponse({ ...usual, signer: TestCertificate.root({ subject: 'CN=Stranger' }) });
      case 'tampered':
        return ocspResponse({ ...usual, tampered: true });
      case 'sha1-signature':
        return ocspResponse({ ...usual, signatureHash: 'sha1' });
      case 'wrong-serial':
        return ocspResponse({ ...usual, answers: [{ ...answer, serial: `1${serial}` }] });
      default:
        return ocspResponse(usual);
    }
  }
}

function delegateOf(
  issuer: TestCertificate,
  now: Date,
  wanted: { purposes?: readonly string[]; from?: number; to?: number },
): Pick<WantedOcspResponse, 'signer' | 'certificates'> {
  const extra = [ocspNoCheck()];
  const signer = issuer.issue({
    subject: 'CN=OCSP Responder',
    purposes: [OCSP_SIGNING],
    now,
    extra,
    ...wanted,
  });
  return { signer, certificates: [signer] };
}

function digest(hash: CertIdHash, data: Uint8Array): string {
  return createHash(hash).update(data).digest('hex');
}

function hexOf(data: ArrayBuffer): string {
  return Buffer.from(data).toString('hex');
}
