import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { toAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK, EgressPolicy, guardedFetch, type GuardedFetchOptions } from '@kilowatch/platform';
import {
  certificateId,
  encodeOcspRequest,
  lookUpInCrl,
  MAX_CRL_BYTES,
  MAX_OCSP_RESPONSE_BYTES,
  readCrl,
  verifyOcspResponse,
  type Certificate,
  type Crl,
  type HashAlgorithm,
  type RevocationAnswer,
} from '@kilowatch/trust';
import { mayPass, MOST_AGE_MS, type Outcome, type RevocationFailure } from '../domain/revocation-status.js';
import { originOf, type TrustPolicy } from '../domain/trust-policy.js';
import type { Trust } from './trust-store.js';

/** A certificate that is asked about: out of a path that is good, or what hash data name below an issuer that is known. */
export interface RevocationSubject {
  /** Hex, as `Certificate.serial`. */
  readonly serial: string;
  readonly issuer: Certificate;
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  /** The addresses are what a station said, not what a certificate says. */
  readonly fromStation?: boolean;
}

type LookInList = (url: string, about: Pick<RevocationSubject, 'serial' | 'issuer'>) => Promise<Outcome>;
type Failed = Extract<Outcome, { kind: 'FAILED' }>;

const REQUEST_MS = 3_000;
/** A delegate of a responder is trusted for so long without being asked about. */
const SHORT_LIVED_MS = 31 * 86_400_000;
const CRL_CACHE_BYTES = 32 * 1024 * 1024;
/** A query makes another address of the same list. */
const MOST_LISTS_OF_ORIGIN = 10;
/** A list is fetched again after so long, be its nextUpdate ever so far. */
const CRL_KEPT_MS = 3_600_000;
const NONCE_BYTES = 32;

/** Asks who vouches for a certificate, within the company's list of origins and nowhere else (P5, P11). */
@Injectable()
export class AskResponder {
  private readonly lists = new LRUCache<string, { crl: Crl; until: number }>({
    max: 100,
    maxSize: CRL_CACHE_BYTES,
    sizeCalculation: ({ crl }) => crl.bytes,
  });

  constructor(
    private readonly egress: EgressPolicy,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Never throws: what went wrong is in the outcome. */
  async run(
    tenant: string,
    subject: RevocationSubject,
    { policy, version }: Pick<Trust, 'policy' | 'version'>,
  ): Promise<Outcome> {
    const look: LookInList = (url, about) =>
      this.list(`${tenant}|${originOf(url)}|`, `${version}|${url}`, url, about);
    const ocsp = await this.first(subject.ocspUrls, policy, (url) => this.ocsp(url, subject, policy, look));
    if (ocsp.kind === 'ANSWER' || !wantsList(ocsp, policy)) return ocsp;
    if (subject.crlUrls.length === 0) return ocsp;
    const list = await this.first(subject.crlUrls, policy, (url) => look(url, subject));
    // What OCSP failed by tells more, unless there was none to ask.
    return list.kind === 'ANSWER' || ocsp.reason === 'no_responder' ? list : ocsp;
  }

  /** The first of the allowed addresses that answers; else the failure that is least likely to pass by itself. */
  private async first(
    urls: readonly string[],
    policy: TrustPolicy,
    ask: (url: string) => Promise<Outcome>,
  ): Promise<Outcome> {
    if (urls.length === 0) return failed('no_responder');
    let worst: Failed | undefined;
    for (const url of urls.filter((one) => isAllowed(one, policy))) {
      const outcome = await ask(url);
      if (outcome.kind === 'ANSWER') return outcome;
      if (!worst || mayPass(worst.reason)) worst = outcome;
    }
    return worst ?? failed('responder_not_allowed', originOf(urls[0]!) ?? '');
  }

  private async ocsp(
    url: string,
    subject: RevocationSubject,
    policy: TrustPolicy,
    look: LookInList,
  ): Promise<Outcome> {
    const first = await this.believed(
      await this.ocspWith(policy.ocspHash, url, subject),
      subject,
      policy,
      look,
    );
    const understood = first.kind === 'ANSWER' ? first.answer.status !== 'UNKNOWN' : !isMisunderstood(first);
    if (understood || !policy.ocspHashFallback || policy.ocspHash === 'SHA1') return first;
    const second = await this.believed(await this.ocspWith('SHA1', url, subject), subject, policy, look);
    return second.kind === 'ANSWER' ? second : first;
  }

  /**
   * RFC 6960 4.2.2.2.1: an answer of a delegate that has to be asked about itself counts when the list of its authority, where lists may be
   * fetched, does not have it; without a list, when it lives so shortly that nobody would have revoked it (SHORT_LIVED_MS).
   */
  private async believed(
    outcome: Outcome,
    { issuer }: RevocationSubject,
    policy: TrustPolicy,
    look: LookInList,
  ): Promise<Outcome> {
    const signer =
      outcome.kind === 'ANSWER' && 'signer' in outcome.answer ? outcome.answer.signer : undefined;
    if (!signer) return outcome;
    const { serial, crlUrls } = signer;
    const list =
      policy.crl === 'NEVER' || crlUrls.length === 0
        ? undefined
        : await this.first(crlUrls, policy, (url) => look(url, { serial, issuer }));
    if (list?.kind === 'ANSWER')
      return list.answer.status === 'GOOD' ? outcome : failed('response_unusable', 'SIGNER_REVOKED');
    const lifeMs = signer.notAfter.getTime() - signer.notBefore.getTime();
    return lifeMs <= SHORT_LIVED_MS ? outcome : failed('response_unusable', 'SIGNER_UNCHECKED');
  }

  private async ocspWith(hash: HashAlgorithm, url: string, subject: RevocationSubject): Promise<Outcome> {
    const { serial, issuer } = subject;
    const nonce = randomBytes(NONCE_BYTES);
    const fetched = await this.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      body: encodeOcspRequest(certificateId({ serial }, issuer, hash), nonce),
      maxBytes: MAX_OCSP_RESPONSE_BYTES,
    });
    if ('kind' in fetched) return fetched;
    const question = { serial, issuer, nonce, at: this.clock.now(), maxAgeMs: MOST_AGE_MS };
    return outcomeOf(verifyOcspResponse(fetched.body, question), 'OCSP', fetched.body);
  }

  /**
   * `name` has the version of what the company believes in it: a list is fetched anew after each change and each flush. Only one that gave
   * an answer is kept.
   */
  private async list(
    origin: string,
    name: string,
    url: string,
    { serial, issuer }: Pick<RevocationSubject, 'serial' | 'issuer'>,
  ): Promise<Outcome> {
    const key = `${origin}${issuer.fingerprint}|${name}`;
    const now = this.clock.now();
    const lookUp = (crl: Crl) =>
      outcomeOf(lookUpInCrl(crl, { serial, at: now, maxAgeMs: MOST_AGE_MS }), 'CRL', undefined);
    const held = this.lists.get(key);
    if (held && held.until > now.getTime()) return lookUp(held.crl);
    const fetched = await this.fetch(url, { method: 'GET', maxBytes: MAX_CRL_BYTES });
    if ('kind' in fetched) return fetched;
    const reading = readCrl(fetched.body, issuer);
    if (!reading.ok) return failed('response_unusable', reading.code);
    const outcome = lookUp(reading.crl);
    if (outcome.kind === 'ANSWER') this.hold(origin, key, reading.crl, now);
    return outcome;
  }

  private hold(origin: string, key: string, crl: Crl, now: Date): void {
    const until = Math.min(crl.nextUpdate?.getTime() ?? Infinity, now.getTime() + CRL_KEPT_MS);
    this.lists.set(key, { crl, until });
    // The least recently used come last.
    const ofOrigin = [...this.lists.keys()].filter((one) => one.startsWith(origin));
    for (const one of ofOrigin.slice(MOST_LISTS_OF_ORIGIN)) this.lists.delete(one);
  }

  private async fetch(
    url: string,
    options: Omit<GuardedFetchOptions, 'hosts' | 'egress' | 'timeoutMs'>,
  ): Promise<Failed | { readonly body: Uint8Array }> {
    try {
      const { host } = new URL(url);
      const response = await guardedFetch(url, {
        ...options,
        hosts: [host],
        egress: this.egress,
        timeoutMs: REQUEST_MS,
      });
      if (response.status !== 200) {
        // 4xx is an answer: it is there and will not answer us (RFC 9110 15.5).
        const refused = response.status >= 400 && response.status < 500;
        return failed(refused ? 'responder_refused' : 'responder_unreachable', `HTTP ${response.status}`);
      }
      return { body: new Uint8Array(response.body) };
    } catch (error) {
      const { kind, code } = toAppError(error);
      if (kind === 'TIMEOUT') return failed('responder_timeout', code);
      if (kind === 'UNAVAILABLE') return failed('responder_unreachable', code);
      return failed(kind === 'PRECONDITION' ? 'response_unusable' : 'responder_not_allowed', code);
    }
  }
}

/** The one place that says where a request may go. */
export function isAllowed(url: string, policy: Pick<TrustPolicy, 'origins'>): boolean {
  const origin = originOf(url);
  return origin !== undefined && policy.origins.includes(origin);
}

function wantsList({ reason }: Failed, { crl }: TrustPolicy): boolean {
  return crl === 'FALLBACK' || (crl === 'WITHOUT_OCSP' && reason === 'no_responder');
}

/** It did not know whom we meant. */
function isMisunderstood({ reason, detail }: Failed): boolean {
  return reason === 'responder_refused' || detail === 'OTHER_CERTIFICATE';
}

function outcomeOf(
  answer: RevocationAnswer,
  source: 'OCSP' | 'CRL',
  response: Uint8Array | undefined,
): Outcome {
  if (answer.status !== 'UNUSABLE') return { kind: 'ANSWER', answer, source, response };
  if (answer.code === 'RESPONDER_BUSY') return failed('responder_busy');
  if (answer.code === 'RESPONDER_REFUSED') return failed('responder_refused');
  return failed('response_unusable', answer.code);
}

function failed(reason: RevocationFailure, detail = ''): Failed {
  return { kind: 'FAILED', reason, detail };
}
