/**
 * What a contract certificate is worth, and what its station is told: the answer table of OCPP 2.0.1 C07.FR.13 to FR.17. The
 * first condition that is met decides. `SignatureError` has no text in the specification and is never sent.
 */
import type { DecisionStatus } from './decision.js';

/** OCPP 2.0.1 AuthorizeCertificateStatusEnumType. */
export type CertificateStatus =
  | 'Accepted'
  | 'CertificateExpired'
  | 'CertificateRevoked'
  | 'NoCertificateAvailable'
  | 'CertChainError'
  | 'ContractCancelled';

export interface ContractVerdict {
  readonly kind: 'VALID' | 'EXPIRED' | 'REVOKED' | 'CHAIN_ERROR' | 'MISSING';
  /** Stable code for the audit; empty when valid. */
  readonly reason: string;
}

const OF_VERDICT = {
  EXPIRED: 'CertificateExpired',
  REVOKED: 'CertificateRevoked',
  CHAIN_ERROR: 'CertChainError',
  MISSING: 'NoCertificateAvailable',
} as const;

/** C07.FR.13: the chain is good, and what stands behind it is not. */
const CANCELLED: ReadonlySet<DecisionStatus> = new Set(['BLOCKED', 'EXPIRED', 'INVALID', 'UNKNOWN']);

/** @param status what the decision came to, with this verdict in it */
export function certificateStatus(verdict: ContractVerdict, status: DecisionStatus): CertificateStatus {
  if (verdict.kind !== 'VALID') return OF_VERDICT[verdict.kind];
  return CANCELLED.has(status) ? 'ContractCancelled' : 'Accepted';
}
