import type { Certificate } from './certificate.js';

/** What an OCSP response or a CRL says of one certificate. UNUSABLE is no answer: nothing follows from it but that one must ask again. */
export type RevocationReason =
  | 'UNSPECIFIED'
  | 'KEY_COMPROMISE'
  | 'CA_COMPROMISE'
  | 'AFFILIATION_CHANGED'
  | 'SUPERSEDED'
  | 'CESSATION_OF_OPERATION'
  | 'CERTIFICATE_HOLD'
  | 'REMOVE_FROM_CRL'
  | 'PRIVILEGE_WITHDRAWN'
  | 'AA_COMPROMISE';

export type UnusableCode =
  /** Not DER, or not what it should be. */
  | 'MALFORMED'
  /** The responder says itself that it cannot answer now (tryLater, internalError), or not to us. */
  | 'RESPONDER_BUSY'
  | 'RESPONDER_REFUSED'
  /** Nobody who may sign it did. */
  | 'SIGNER_UNKNOWN'
  | 'SIGNER_NOT_ALLOWED'
  | 'SIGNER_EXPIRED'
  /** A delegate that has to be asked about and was revoked, or could not be. */
  | 'SIGNER_REVOKED'
  | 'SIGNER_UNCHECKED'
  | 'SIGNATURE_BAD'
  | 'SIGNATURE_WEAK'
  /** It speaks of other certificates. */
  | 'OTHER_CERTIFICATE'
  | 'AMBIGUOUS'
  | 'NOT_YET_VALID'
  | 'STALE'
  | 'NONCE_MISMATCH'
  | 'CRITICAL_EXTENSION_UNKNOWN'
  /** A CRL for some certificates or reasons only, or of changes only. */
  | 'PARTIAL';

/** Until when an answer may be used; without `nextUpdate` it is only as good as its age. */
export interface AnswerWindow {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** It carries the nonce of our request, so it was made for us and now: no older one is played again. */
  readonly nonced?: true;
  /** Who signed it and does not say that nobody need ask about them: the answer is worth as much as they are (RFC 6960 4.2.2.2.1). */
  readonly signer?: Certificate;
}

export type RevocationAnswer =
  | ({ readonly status: 'GOOD' } & AnswerWindow)
  | ({
      readonly status: 'REVOKED';
      readonly revokedAt: Date;
      readonly reason: RevocationReason;
    } & AnswerWindow)
  | ({ readonly status: 'UNKNOWN' } & AnswerWindow)
  | { readonly status: 'UNUSABLE'; readonly code: UnusableCode };

/** RFC 5280 5.3.1; 7 is not used. */
const REASONS: Readonly<Record<number, RevocationReason>> = {
  0: 'UNSPECIFIED',
  1: 'KEY_COMPROMISE',
  2: 'CA_COMPROMISE',
  3: 'AFFILIATION_CHANGED',
  4: 'SUPERSEDED',
  5: 'CESSATION_OF_OPERATION',
  6: 'CERTIFICATE_HOLD',
  8: 'REMOVE_FROM_CRL',
  9: 'PRIVILEGE_WITHDRAWN',
  10: 'AA_COMPROMISE',
};

export function revocationReason(code: number | undefined): RevocationReason {
  return REASONS[code ?? 0] ?? 'UNSPECIFIED';
}

/** Clocks of responders differ from ours by so much at most (auth.md P5). */
export const LEEWAY_MS = 5 * 60_000;

/** Whether an answer may be used now. Without nextUpdate it must not be older than `maxAgeMs` (RFC 6960 4.2.2.1 leaves that to us). */
export function windowProblem(
  { thisUpdate, nextUpdate }: AnswerWindow,
  at: Date,
  maxAgeMs: number,
): 'NOT_YET_VALID' | 'STALE' | undefined {
  const now = at.getTime();
  if (thisUpdate.getTime() > now + LEEWAY_MS) return 'NOT_YET_VALID';
  if (nextUpdate && nextUpdate < thisUpdate) return 'STALE';
  const last = nextUpdate ? nextUpdate.getTime() : thisUpdate.getTime() + maxAgeMs;
  return now > last + LEEWAY_MS ? 'STALE' : undefined;
}

export function unusable(code: UnusableCode): RevocationAnswer {
  return { status: 'UNUSABLE', code };
}
