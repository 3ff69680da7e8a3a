/**
 * What a decision's status, reason and certificate status mean to the monitor: the one table. A reason that is not here says no more
 * than its status. Sources: the answer table of OCPP 2.0.1 C07 (FR.13-17), C12/C16 (master pass), the refusals of ocpp-gateway.
 */
import type { DecisionMade } from './attempt-event.js';

export type DecisionSense =
  /** Somebody's card, but not now or not here: no attempt. */
  | 'NOT_ALLOWED'
  | 'ACCEPTED'
  | 'CONCURRENT'
  /** Unknown, invalid, blocked or expired. */
  | 'REFUSED_TOKEN'
  | 'WRONG_CODE'
  | 'REVOKED_CONTRACT'
  | 'FORGED_CHAIN'
  /** A chain that could not be verified, without a sign of forgery: a root that we do not have, a responder that is away. */
  | 'BROKEN_CHAIN'
  | 'MASTER_PASS_START'
  /** A start button, or what a car says by itself. */
  | 'NOBODY';

const REASONS: Readonly<Record<string, DecisionSense>> = {
  certificate_revoked: 'REVOKED_CONTRACT',
  certificate_expired: 'REVOKED_CONTRACT',
  // A look-alike of an issuer bears its name and not its key.
  chain_signature_bad: 'FORGED_CHAIN',
  chain_leaf_self_issued: 'FORGED_CHAIN',
  // An authority of the sender's own before somebody else's chain, or a certificate of another purpose.
  chain_leaf_is_ca: 'FORGED_CHAIN',
  chain_extended_key_usage: 'FORGED_CHAIN',
  chain_not_a_ca: 'FORGED_CHAIN',
  chain_path_length: 'FORGED_CHAIN',
  chain_emaid_mismatch: 'FORGED_CHAIN',
  chain_responder_foreign: 'FORGED_CHAIN',
  // Of one who issues no contracts (P2), and hash data of somebody else's certificate, or of several at once (P9).
  chain_not_of_operator: 'FORGED_CHAIN',
  chain_hash_of_another: 'FORGED_CHAIN',
  hash_data_ambiguous: 'FORGED_CHAIN',
  master_pass_may_not_start: 'MASTER_PASS_START',
  key_code_back_off: 'WRONG_CODE',
  autocharge_is_off: 'NOBODY',
  certificate_missing: 'BROKEN_CHAIN',
  start_button_is_off: 'NOBODY',
};

/** Cars say these at each plug-in, whether or not anybody enrolled them. */
const BY_THEMSELVES: ReadonlySet<string> = new Set([
  'NoAuthorization',
  'MacAddress',
  'EVCCID',
  'VIN',
  'DirectPayment',
]);

/** What is worth keeping as it was shown. */
export function isForgery(reason: string): boolean {
  return Object.hasOwn(REASONS, reason) && REASONS[reason] === 'FORGED_CHAIN';
}

const REFUSING: ReadonlySet<string> = new Set(['UNKNOWN', 'INVALID', 'BLOCKED', 'EXPIRED']);

export function senseOf(decision: DecisionMade): DecisionSense {
  const { status, reason, certificateStatus, token } = decision;
  if (status === 'ACCEPTED') return 'ACCEPTED';
  const named = Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  if (named) return named;
  if (certificateStatus === 'CertificateRevoked' || certificateStatus === 'CertificateExpired')
    return 'REVOKED_CONTRACT';
  if (certificateStatus === 'CertChainError') return 'BROKEN_CHAIN';
  if (status === 'CONCURRENT_TX') return 'CONCURRENT';
  if (BY_THEMSELVES.has(token.type)) return 'NOBODY';
  if (!REFUSING.has(status)) return 'NOT_ALLOWED';
  return token.type === 'KeyCode' ? 'WRONG_CODE' : 'REFUSED_TOKEN';
}

export type RefusalSense = 'CREDENTIAL' | 'UNKNOWN_IDENTITY' | 'DOWNGRADE';

/** Reasons of ocpp-gateway (domain/refusal-advice.ts); it tells no others. */
const REFUSALS: Readonly<Record<string, RefusalSense>> = {
  bad_credentials: 'CREDENTIAL',
  malformed_credentials: 'CREDENTIAL',
  rate_limited: 'CREDENTIAL',
  client_certificate_missing: 'CREDENTIAL',
  client_certificate_untrusted: 'CREDENTIAL',
  client_certificate_expired: 'CREDENTIAL',
  client_certificate_revoked: 'CREDENTIAL',
  client_certificate_superseded: 'CREDENTIAL',
  client_certificate_wrong_name: 'CREDENTIAL',
  client_certificate_wrong_organisation: 'CREDENTIAL',
  unknown_station: 'UNKNOWN_IDENTITY',
  profile_downgrade: 'DOWNGRADE',
  profile_mismatch: 'DOWNGRADE',
};

export function refusalSense(reason: string): RefusalSense | undefined {
  return Object.hasOwn(REFUSALS, reason) ? REFUSALS[reason] : undefined;
}
