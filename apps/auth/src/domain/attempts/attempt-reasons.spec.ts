import { expect, it } from 'vitest';
import type { DecisionMade } from './attempt-event.js';
import { senseOf } from './attempt-reasons.js';

const decision = (reason: string, certificateStatus: string) =>
  ({ status: 'INVALID', reason, certificateStatus, token: { type: 'eMAID' } }) as unknown as DecisionMade;

it.each([
  ['chain_leaf_is_ca', 'FORGED_CHAIN'],
  ['chain_extended_key_usage', 'FORGED_CHAIN'],
  ['chain_leaf_self_issued', 'FORGED_CHAIN'],
  ['chain_signature_bad', 'FORGED_CHAIN'],
  ['chain_root_unknown', 'BROKEN_CHAIN'],
  ['chain_signature_unsupported', 'BROKEN_CHAIN'],
  ['revocation_too_busy', 'BROKEN_CHAIN'],
  ['revocation_responder_refused', 'BROKEN_CHAIN'],
])('%s of a chain means %s', (reason, sense) => {
  expect(senseOf(decision(reason, 'CertChainError'))).toBe(sense);
});

it('a chain that has expired is a contract that does not count any more', () => {
  expect(senseOf(decision('chain_expired', 'CertificateExpired'))).toBe('REVOKED_CONTRACT');
});
