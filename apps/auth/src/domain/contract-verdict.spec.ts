import { decimal } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import type { ContractVerdict } from './contract-verdict.js';
import { aPolicy, aToken, anInput } from './decision.builders.js';
import { decide, type KnownToken } from './decision.js';
import { NO_LIMITS } from './token-limits.js';

const elsewhere = { sessionId: 'x', stationId: 's2', evseNumber: 1 };
const TOKENS: Readonly<Record<string, KnownToken | undefined>> = {
  active: aToken(),
  unknown: undefined,
  blocked: aToken({ status: 'BLOCKED' }),
  expired: aToken({ status: 'EXPIRED' }),
  elsewhere: aToken({ openSessions: [elsewhere] }),
  'at the wrong place': aToken({ limits: { ...NO_LIMITS, locationIds: ['l2'] } }),
  'without credit': aToken({
    funds: { currency: 'EUR', available: decimal('0'), minimumToStart: decimal('0'), blocked: false },
  }),
};
const VALID: ContractVerdict = { kind: 'VALID', reason: '' };

function answer(token: KnownToken | undefined, contract: ContractVerdict) {
  const { status, certificateStatus } = decide(anInput({ tokenType: 'eMAID', token, contract }));
  return [certificateStatus, status];
}

describe('the answer table of contract certificates (C07)', () => {
  it.each([
    ['EXPIRED', 'CertificateExpired', 'EXPIRED', 'C07.FR.15'],
    ['REVOKED', 'CertificateRevoked', 'INVALID', 'C07.FR.16'],
    ['CHAIN_ERROR', 'CertChainError', 'INVALID', 'C07.FR.17'],
    ['MISSING', 'NoCertificateAvailable', 'INVALID', 'by policy'],
  ] as const)('%s is %s and %s whoever the token is (%s, P15)', (kind, certificate, status, _rule) => {
    for (const token of Object.values(TOKENS)) {
      expect(answer(token, { kind, reason: 'why' })).toEqual([certificate, status]);
    }
  });

  it.each([
    ['blocked', 'BLOCKED'],
    ['expired', 'EXPIRED'],
    ['unknown', 'UNKNOWN'],
  ])('a good chain with a token that is %s is ContractCancelled and %s (C07.FR.13)', (name, status) => {
    expect(answer(TOKENS[name], VALID)).toEqual(['ContractCancelled', status]);
  });

  it.each([
    ['active', 'ACCEPTED'],
    ['elsewhere', 'CONCURRENT_TX'],
    ['at the wrong place', 'NOT_AT_THIS_LOCATION'],
    ['without credit', 'NO_CREDIT'],
  ])('a good chain with a token that is %s is Accepted and %s (C07.FR.14)', (name, status) => {
    expect(answer(TOKENS[name], VALID)).toEqual(['Accepted', status]);
  });

  it('says nothing of certificates where none was shown or asked for', () => {
    expect(decide(anInput()).certificateStatus).toBeUndefined();
  });

  it('lets the station trust an accepted contract for the hours of contracts', () => {
    const input = anInput({
      tokenType: 'eMAID',
      contract: VALID,
      policy: aPolicy({ contractCacheHours: 2 }),
    });
    expect(decide(input).cacheExpiry).toEqual(new Date(input.at.getTime() + 2 * 3_600_000));
  });
});
