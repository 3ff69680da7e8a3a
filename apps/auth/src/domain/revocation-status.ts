/**
 * What follows from an answer about a certificate, from an answer held from before, and from none (OCPP 2.0.1 C07.FR.16/17; P5-P7, P13).
 * REVOKED and UNKNOWN are answers. UNAVAILABLE is none: whoever asks treats it as a chain that could not be verified.
 */
import type { RevocationAnswer, RevocationReason } from '@kilowatch/trust';
import type { TrustPolicy } from './trust-policy.js';

export type Answer = Exclude<RevocationAnswer, { status: 'UNUSABLE' }>;

export type RevocationFailure =
  /** The certificate names none. */
  | 'no_responder'
  /** What it names is not on the company's list. */
  | 'responder_not_allowed'
  | 'responder_timeout'
  | 'responder_unreachable'
  | 'responder_busy'
  /** It will not answer us: not its certificate, or not in this form. */
  | 'responder_refused'
  /** It answered, and the answer cannot be believed; the detail says why. */
  | 'response_unusable'
  /** We ask too much at once already. */
  | 'too_busy';

/** How asking went. */
export type Outcome =
  | {
      readonly kind: 'ANSWER';
      readonly answer: Answer;
      readonly source: 'OCSP' | 'CRL';
      /** DER as it came, of OCSP. */
      readonly response: Uint8Array | undefined;
    }
  | { readonly kind: 'FAILED'; readonly reason: RevocationFailure; readonly detail: string };

/** What the last answer was. */
export interface HeldStatus {
  readonly status: Answer['status'];
  readonly revokedAt: Date | undefined;
  readonly revocationReason: RevocationReason | undefined;
  readonly thisUpdate: Date;
  readonly answeredAt: Date;
  readonly freshUntil: Date;
  readonly nextUpdate: Date | undefined;
  readonly response: Uint8Array | undefined;
}

export interface RevocationFinding {
  readonly serial: string;
  readonly status: 'GOOD' | 'REVOKED' | 'UNKNOWN' | 'UNAVAILABLE';
  /** Stable code for the audit. Empty: a good answer that is fresh. `soft_fail` and `not_checked` are GOOD by the company's policy. */
  readonly reason: '' | 'revoked' | 'ocsp_unknown' | 'soft_fail' | 'not_checked' | RevocationFailure;
  /** For the log: what was wrong with a response, say. */
  readonly detail: string;
  readonly source: 'OCSP' | 'CRL' | 'CACHE' | 'POLICY' | 'NONE';
  readonly revokedAt: Date | undefined;
  readonly revocationReason: RevocationReason | undefined;
  readonly nextUpdate: Date | undefined;
  /** DER of the OCSP response, unchanged: for stations that hand it to cars (C5). */
  readonly response: Uint8Array | undefined;
}

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** How old an answer without nextUpdate may be, and how long any answer counts without asking again (P6). */
export const MOST_AGE_MS = DAY_MS;

/**
 * Failures that say nothing about the certificate: only these a soft fail bridges. `too_busy` is none: whoever makes us busy, with made-up
 * serial numbers say, would have revoked certificates believed.
 */
const MAY_PASS: ReadonlySet<RevocationFailure> = new Set([
  'responder_timeout',
  'responder_unreachable',
  'responder_busy',
]);

export function mayPass(reason: RevocationFailure): boolean {
  return MAY_PASS.has(reason);
}

export function freshUntil(answer: Answer, now: Date): Date {
  const said = answer.nextUpdate?.getTime() ?? answer.thisUpdate.getTime() + MOST_AGE_MS;
  return new Date(Math.min(said, now.getTime() + MOST_AGE_MS));
}

/** A certificate on hold may come back; any other revocation is for good. */
export function isForGood(held: Pick<HeldStatus, 'status' | 'revocationReason'>): boolean {
  return held.status === 'REVOKED' && held.revocationReason !== 'CERTIFICATE_HOLD';
}

/** What is known without asking; undefined: somebody has to be asked. */
export function fromHeld(
  serial: string,
  held: HeldStatus | undefined,
  now: Date,
): RevocationFinding | undefined {
  if (!held || held.status === 'UNKNOWN') return undefined;
  if (!isForGood(held) && now >= held.freshUntil) return undefined;
  return findingOf(serial, held, 'CACHE');
}

/** What is to be concluded from. */
export interface Asked {
  readonly serial: string;
  /** A station chose whom to ask: it could name nobody, or somebody who is away, so that the policy's exceptions are not for it. */
  readonly fromStation: boolean;
  readonly outcome: Outcome;
  readonly held: HeldStatus | undefined;
}

export function conclude(
  { serial, fromStation, outcome, held }: Asked,
  policy: Pick<TrustPolicy, 'softFailHours' | 'withoutResponder'>,
  now: Date,
): RevocationFinding {
  if (outcome.kind === 'ANSWER' && isOvertaken(outcome, held))
    return {
      ...NOTHING,
      serial,
      status: 'UNAVAILABLE',
      reason: 'response_unusable',
      detail: 'OVERTAKEN',
      source: 'NONE',
    };
  if (outcome.kind === 'ANSWER') {
    const { answer, response, source } = outcome;
    const revoked = answer.status === 'REVOKED' ? answer : undefined;
    return findingOf(
      serial,
      {
        status: answer.status,
        revokedAt: revoked?.revokedAt,
        revocationReason: revoked?.reason,
        nextUpdate: answer.nextUpdate,
        response,
      },
      source,
    );
  }
  const { reason, detail } = outcome;
  if (reason === 'no_responder' && policy.withoutResponder === 'ACCEPT' && !fromStation) {
    return { ...NOTHING, serial, status: 'GOOD', reason: 'not_checked', detail, source: 'POLICY' };
  }
  const bridged =
    !fromStation && held?.status === 'GOOD' && mayPass(reason) && now.getTime() < softFailEnd(held, policy);
  if (bridged) {
    return { ...NOTHING, serial, status: 'GOOD', reason: 'soft_fail', detail: reason, source: 'POLICY' };
  }
  return { ...NOTHING, serial, status: 'UNAVAILABLE', reason, detail, source: 'NONE' };
}

/**
 * Older than what is held: somebody may have kept it and plays it again, unless it has our nonce in it. Lists are made more seldom than
 * OCSP answers, so an older list may say again that a certificate is good; it lifts nothing.
 */
function isOvertaken(
  { answer, source }: Extract<Outcome, { kind: 'ANSWER' }>,
  held: HeldStatus | undefined,
): boolean {
  if (!held || answer.nonced || answer.thisUpdate >= held.thisUpdate) return false;
  // A revocation for good outweighs what is newer.
  if (answer.status === 'REVOKED' && answer.reason !== 'CERTIFICATE_HOLD') return false;
  return source === 'OCSP' || held.status !== 'GOOD';
}

function softFailEnd(held: HeldStatus, policy: Pick<TrustPolicy, 'softFailHours'>): number {
  return held.answeredAt.getTime() + policy.softFailHours * HOUR_MS;
}

const NOTHING = {
  detail: '',
  revokedAt: undefined,
  revocationReason: undefined,
  nextUpdate: undefined,
  response: undefined,
} as const;

const REASON_OF = { GOOD: '', REVOKED: 'revoked', UNKNOWN: 'ocsp_unknown' } as const;

function findingOf(
  serial: string,
  said: Pick<HeldStatus, 'status' | 'revokedAt' | 'revocationReason' | 'nextUpdate' | 'response'>,
  source: RevocationFinding['source'],
): RevocationFinding {
  const { status, revokedAt, revocationReason, nextUpdate, response } = said;
  const detail = revocationReason ?? '';
  return {
    serial,
    status,
    reason: REASON_OF[status],
    detail,
    source,
    revokedAt,
    revocationReason,
    nextUpdate,
    response,
  };
}
