import { DEFAULT_POLICY, type AuthorizationPolicy } from './authorization-policy.js';
import type { DecisionInput, KnownToken } from './decision.js';
import { NO_LIMITS } from './token-limits.js';

/** A Sunday, 11:00 in Amsterdam. */
export const AT = new Date('2026-03-01T10:00:00Z');

export const aToken = (over: Partial<KnownToken> = {}): KnownToken => ({
  tokenId: 't1',
  type: 'ISO14443',
  isContract: false,
  status: 'ACTIVE',
  expiresAt: undefined,
  groupId: '',
  allowConcurrent: false,
  limits: NO_LIMITS,
  funds: undefined,
  accountId: 'a1',
  accountActive: true,
  language: 'nl',
  openSessions: [],
  ...over,
});

export const aPolicy = (over: Partial<AuthorizationPolicy> = {}): AuthorizationPolicy => ({
  ...DEFAULT_POLICY,
  ...over,
});

export const AC_1 = { number: 1, powerTypes: ['AC_3_PHASE'] };
export const DC_2 = { number: 2, powerTypes: ['DC'] };

export const anInput = (over: Partial<DecisionInput> = {}): DecisionInput => ({
  token: aToken(),
  tokenType: 'ISO14443',
  purpose: 'AUTHORIZE',
  stationId: 's1',
  evseNumber: 0,
  heldBack: false,
  place: { locationId: 'l1', timeZone: 'Europe/Amsterdam', evses: [AC_1, DC_2] },
  waiting: [],
  policy: aPolicy(),
  contract: undefined,
  at: AT,
  ...over,
});
