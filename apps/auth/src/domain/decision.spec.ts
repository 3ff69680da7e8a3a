import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type DecisionInput, type KnownToken } from './decision.js';

const AT = new Date('2026-03-01T10:00:00Z');
const token = (over: Partial<KnownToken> = {}): KnownToken => ({
  tokenId: 't1',
  status: 'ACTIVE',
  expiresAt: undefined,
  groupId: '',
  allowConcurrent: false,
  accountId: 'a1',
  accountActive: true,
  openSessions: [],
  ...over,
});
const input = (over: Partial<DecisionInput> = {}): DecisionInput => ({
  token: token(),
  tokenType: 'ISO14443',
  purpose: 'AUTHORIZE',
  stationId: 's1',
  evseNumber: 1,
  at: AT,
  ...over,
});
const elsewhere = { sessionId: 'x', stationId: 's2', evseNumber: 1 };

describe('authorisation decision', () => {
  const cases: [string, Partial<DecisionInput>, string, string][] = [
    ['an active token', {}, 'ACCEPTED', 'token_active'],
    ['an unknown token', { token: undefined }, 'UNKNOWN', 'token_unknown'],
    ['a blocked token', { token: token({ status: 'BLOCKED' }) }, 'BLOCKED', 'token_blocked'],
    [
      'a token of an inactive account',
      { token: token({ accountActive: false }) },
      'BLOCKED',
      'account_inactive',
    ],
    ['an expired token', { token: token({ expiresAt: AT }) }, 'EXPIRED', 'token_expired'],
    ['a token set to expired', { token: token({ status: 'EXPIRED' }) }, 'EXPIRED', 'token_expired'],
    [
      'a session open elsewhere',
      { token: token({ openSessions: [elsewhere] }) },
      'CONCURRENT_TX',
      'session_open_elsewhere',
    ],
    [
      'a session open elsewhere of a token that may',
      { token: token({ openSessions: [elsewhere], allowConcurrent: true }) },
      'ACCEPTED',
      'token_active',
    ],
    [
      'a stop while another session is open',
      { purpose: 'STOP', token: token({ openSessions: [elsewhere] }) },
      'ACCEPTED',
      'token_active',
    ],
    [
      'the same token again at its own station',
      { token: token({ openSessions: [{ sessionId: 'x', stationId: 's1', evseNumber: 2 }] }) },
      'ACCEPTED',
      'token_active',
    ],
    [
      'a start at another EVSE of the same station',
      {
        purpose: 'START',
        token: token({ openSessions: [{ sessionId: 'x', stationId: 's1', evseNumber: 2 }] }),
      },
      'CONCURRENT_TX',
      'session_open_elsewhere',
    ],
    ['the start button', { tokenType: 'NoAuthorization' }, 'INVALID', 'free_vend_is_off'],
  ];
  it.each(cases)('of %s', (_name, over, status, reason) => {
    expect(decide(input(over))).toMatchObject({ status, reason });
  });

  it('names the group of a known token in every answer (C01, C09)', () => {
    for (const status of ['ACTIVE', 'BLOCKED', 'EXPIRED'] as const) {
      expect(decide(input({ token: token({ status, groupId: 'fleet' }) })).groupId).toBe('fleet');
    }
  });

  it('never lets a station cache a token beyond its own expiry, and never a refusal', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), (hours) => {
        const expiresAt = new Date(AT.getTime() + hours * 3_600_000);
        const decision = decide(input({ token: token({ expiresAt }) }));
        if (decision.status === 'ACCEPTED') {
          expect(decision.cacheExpiry!.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
          expect(decision.cacheExpiry!.getTime()).toBeGreaterThan(AT.getTime());
        } else {
          expect(decision.cacheExpiry).toBeUndefined();
        }
      }),
    );
  });
});
